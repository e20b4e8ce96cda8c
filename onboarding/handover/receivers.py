"""What people/ asks and tells of whoever comes by an invitation to single steps; connected in apps.py.

The signals are people/signals.py's. Those of a move are in its transaction: a receiver that raises undoes it.
"""

from datetime import datetime
from typing import Any

from django.db.models import Min
from django.dispatch import receiver
from django.urls import reverse

from onboarding.handover import offers
from onboarding.handover.models import Grant, Offer
from onboarding.people import signals
from onboarding.people.models import Invitation, User


@receiver(signals.invitation_accepted)
def address_offers(user: User, invitation: Invitation, **_: Any) -> None:
    """The offers that hang on the invitation are theirs to answer."""
    offers.address_to(user, invitation)


@receiver(signals.invitation_withdrawn)
def withdraw_offers(invitation: Invitation, actor: User, **_: Any) -> None:
    """Without the invitation nobody could answer the offers that hang on it: they end."""
    offers.withdraw_all_on(invitation, actor)


@receiver(signals.first_page_requested)
def first_offer_page(user: User, invitation: Invitation, **_: Any) -> str | None:
    """The address of the first offer that waits; None when the invitation brought none."""
    offer = Offer.objects.open().filter(invitation=invitation, to_user=user).first()
    return reverse("offers:offer", args=[offer.pk]) if offer else None


@receiver(signals.access_start_requested)
def granted_since(user: User, **_: Any) -> datetime | None:
    """Since when this person has had an access from outside that still lasts; None without one."""
    found: datetime | None = Grant.objects.in_force().filter(user=user).aggregate(at=Min("given_at"))["at"]
    return found
