"""What the tests of the clients share: an outside technician, and companies that let somebody in to single steps.

The people of companies one and two are in tests/people_fixtures.py.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from onboarding.handover.models import Grant
from onboarding.journey import progress
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.people.models import User
from tests.people_fixtures import make_company, make_user

TECHNICAL_STEPS = ("csr", "pfx", "proof")


def let_in(onboarding: Onboarding, user: User, *slugs: str, until: datetime | None = None) -> Grant:
    """A grant to these steps, the technical ones unless said otherwise, for a month."""
    grant = Grant.objects.create(
        onboarding=onboarding,
        user=user,
        until=until or timezone.now() + timedelta(days=30),
        given_by=onboarding.started_by,
    )
    grant.steps.set(StepRecord.objects.filter(onboarding=onboarding, slug__in=slugs or TECHNICAL_STEPS))
    return grant


def make_client(number: int, user: User, name: str = "", primary: User | None = None) -> Onboarding:
    """A company in whose onboarding this person was let in to the technical steps; the CSR is to do."""
    lead = primary or make_user(f"lead-{number}@client.example", f"Lead {number}")
    company = make_company(f"client-{number}", name or f"Client {number:03} Ltd", lead)
    onboarding = progress.start(company, environment="uit", actor=lead)
    onboarding.steps.filter(slug="csr").update(state="open")
    let_in(onboarding, user)
    return onboarding


@transaction.atomic
def make_clients(count: int, user: User) -> list[Onboarding]:
    """That many companies, all of one person who leads them."""
    lead = make_user("lead@client.example", "Lena Lead")
    return [make_client(number, user, primary=lead) for number in range(count)]
