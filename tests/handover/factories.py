"""What the tests of handing over share: somebody from outside, open steps, and plans for an offer.

The people of the companies are in tests/people_fixtures.py.
"""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from onboarding.handover import offers
from onboarding.handover.models import Offer
from onboarding.handover.offers import Plan
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.people.models import User
from tests.people_fixtures import make_user


def make_dana() -> User:
    """A technician of a DCP: has an account here, and belongs to no company."""
    return make_user("dana@dcp.example", "Dana Test")


def open_steps(onboarding: Onboarding, *slugs: str) -> None:
    """These steps are to do."""
    StepRecord.objects.filter(onboarding=onboarding, slug__in=slugs).update(state="open")


def plan(onboarding: Onboarding, *slugs: str, **other: Any) -> Plan:
    """The CSR unless said otherwise, for a week."""
    values: dict[str, Any] = {
        "reason": "I am away next week",
        "note": "The key vault is called north",
        "expires_at": timezone.now() + timedelta(days=7),
    }
    return Plan(onboarding, slugs or ("csr",), **(values | other))


def make_offer(onboarding: Onboarding, actor: User, to: User, *slugs: str, **other: Any) -> Offer:
    """An offer to a member."""
    return offers.offer(plan(onboarding, *slugs, to=to, **other), actor=actor)


def make_outside_offer(onboarding: Onboarding, actor: User, email: str, *slugs: str, **other: Any) -> Offer:
    """An offer to an address outside the company, with a month of access."""
    until = timezone.now() + timedelta(days=30)
    values = {"email": email, "access_until": until} | other
    return offers.offer(plan(onboarding, *slugs, **values), actor=actor)


def make_grant(onboarding: Onboarding, actor: User, user: User, *slugs: str, **other: Any) -> Offer:
    """Somebody from outside has accepted."""
    return offers.accept(make_outside_offer(onboarding, actor, user.email, *slugs, **other), actor=user)
