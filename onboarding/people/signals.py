"""Questions that people/ asks of the rooms above it, as Django's signals; whoever knows the answer receives them.

Who listens to what Django and allauth send is in receivers.py.
"""

from django.dispatch import Signal

# Sent with `company` and `users`. A receiver answers the list of those who stand in today for the ones who are away.
deputies_requested = Signal()

# Sent with `company`. A receiver answers a list of sentences: who is away today, and who stands in.
absences_requested = Signal()

# A receiver answers the ids of the companies of which somebody is away today.
away_companies_requested = Signal()

# Sent with `user`. A receiver answers since when this person may change something (datetime), or None. The earliest
# counts.
access_start_requested = Signal()

# Sent with `user` and `invitation`. A receiver answers the address of the page on which somebody lands who joined by
# the invitation, or None. The first answer counts.
first_page_requested = Signal()

# All that follow are sent with send(), never send_robust(), in the transaction of the move and before it records
# anything: a receiver may lock onboardings, and one that raises undoes the move.

# Somebody took up an invitation. Sent with `user` and `invitation`.
invitation_accepted = Signal()

# An invitation was withdrawn. Sent with `invitation` and `actor` (User).
invitation_withdrawn = Signal()
