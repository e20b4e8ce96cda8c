"""Many companies that wait for the same answer of Atlas, written in a few statements."""

from datetime import timedelta

from django.db import connection, transaction

from certs import clock
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.steps import ORDER
from onboarding.people.models import Company, Membership, Role, User
from tests.atlas.broken_peer import BrokenPeer, Script, reply


def make_waiting(companies: int, *, of_each: int = 1, slug: str = "verification") -> list[int]:
    """Ids of their records of this step, oldest first: each is due, a second after the one before."""
    if of_each > 1:  # no honest company has so many
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX one_open_onboarding_per_environment")
    first = Company.objects.count()
    numbers = range(first, first + companies)
    with transaction.atomic():
        users = User.objects.bulk_create(
            User(email=f"p{n}@many.example", name=f"Primary {n}") for n in numbers
        )
        made = Company.objects.bulk_create(Company(slug=f"many-{n}", name=f"Many {n} Ltd") for n in numbers)
        Membership.objects.bulk_create(
            Membership(user=user, company=company, role=Role.PRIMARY)
            for user, company in zip(users, made, strict=True)
        )
        begun = Onboarding.objects.bulk_create(
            Onboarding(company=company, environment="uit", current_step=slug, next_actor="globalsign")
            for company in made
            for _ in range(of_each)
        )
        StepRecord.objects.bulk_create(
            _record(onboarding, each, number, slug)
            for number, onboarding in enumerate(begun)
            for each in ORDER
        )
    rows = StepRecord.objects.filter(onboarding__in=begun, slug=slug).order_by("next_check_at")
    return list(rows.values_list("pk", flat=True))


def _record(onboarding: Onboarding, slug: str, number: int, waiting: str) -> StepRecord:
    record = StepRecord(onboarding=onboarding, slug=slug)
    if slug == "register":
        record.state, record.facts = "done", {"account_id": f"A{number:010d}"}
    if slug == waiting:
        record.state, record.next_check_at = "waiting", clock.now() - timedelta(days=1, seconds=-number)
    return record


def no_profile(*answers: Script) -> BrokenPeer:
    """An Atlas that has no identity profile of anybody, after these answers."""
    return BrokenPeer(*answers, reply(body=b"[]"))
