"""What the journey tells the rooms above, which it does not know. Places on its pages are in slots.py."""

from django.dispatch import Signal

# Sent with `record` (StepRecord), `actor` (User) and `text`: something that stands in no catalogue is wrong with the
# step, which stays as it is. Whoever takes care of it answers whether it is new; questions/receivers.py does.
help_asked = Signal()
# Sent with `now` (datetime) and `day` (date) while the query is put together that reads an onboarding for its page: a
# receiver answers columns by name, each an expression that says whether the onboarding has something of its room.
# Most have nothing of most, and the page then asks for nothing more (rare_parts.may_have).
case_columns_requested = Signal()
