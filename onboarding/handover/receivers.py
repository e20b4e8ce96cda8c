"""What people/ asks about somebody from outside: where they land after joining, since when they have an access.

What joining itself does is in people/invitations.py and offers.py.
"""

from datetime import datetime

from django.db.models import Min
from django.urls import reverse

from onboarding.handover.models import Grant, Offer
from onboarding.people.models import Invitation, User


def first_offer_page(user: User, invitation: Invitation) -> str | None:
    """The address of the first offer that waits; None when the invitation brought none."""
    offer = Offer.objects.open().filter(invitation=invitation, to_user=user).first()
    return reverse("offers:offer", args=[offer.pk]) if offer else None


def granted_since(user: User) -> datetime | None:
    """Since when this person has had an access that still lasts; None without one."""
    found: datetime | None = Grant.objects.in_force().filter(user=user).aggregate(at=Min("given_at"))["at"]
    return found
