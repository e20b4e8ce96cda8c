"""What the journey tells the rooms above, which it does not know. Places on its pages are in slots.py."""

from django.dispatch import Signal

# Sent with `record` (StepRecord), `actor` (User) and `text`: something that stands in no catalogue is wrong with the
# step, which stays as it is. Whoever takes care of it answers whether it is new; questions/receivers.py does.
help_asked = Signal()
