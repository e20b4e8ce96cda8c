"""Questions that people/ asks of the rooms above it, as Django's signals; whoever knows the answer receives them.

Who listens to what Django and allauth send is in receivers.py.
"""

from django.dispatch import Signal

# Sent with `company` and `users`. A receiver answers the list of those who stand in today for the ones who are away.
deputies_requested = Signal()

# Sent with `company`. A receiver answers a list of sentences: who is away today, and who stands in.
absences_requested = Signal()
