"""Many companies at once, in every state that the list tells apart; rows only, as no journey is what is tested."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from onboarding.journey import projection
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.steps import ORDER, State
from onboarding.people.models import Company, Membership, Role, User

KINDS = ("not-started", "open", "late", "problem", "complete", "withdrawn")


@transaction.atomic
def make_many(count: int, first: int = 0) -> list[Company]:
    """Companies with a primary each; the kind of each goes by its number. The last one was added last."""
    now = timezone.now()
    numbers = range(first, first + count)
    companies = [
        Company(
            slug=f"many-{n}",
            name=f"{('Harbour', 'Mill', 'Quarry')[n % 3]} Power {n:04} Ltd",
            number=f"1{n:07}",
        )
        for n in numbers
    ]
    Company.objects.bulk_create(companies)
    for place, company in enumerate(companies):  # auto_now_add takes no other moment
        company.created_at = now - timedelta(days=1, minutes=count - place)
    Company.objects.bulk_update(companies, ["created_at"])
    password = make_password(None)
    users = [
        User(
            email=f"lead{n}@many{n}.example",
            name=f"Lead {n:04}",
            password=password,
            telephone=f"01632 96{n % 10000:04}",
            last_login=now - timedelta(hours=n % 50 + 1),
        )
        for n in numbers
    ]
    User.objects.bulk_create(users)
    Membership.objects.bulk_create(
        Membership(user=user, company=company, role=Role.PRIMARY)
        for user, company in zip(users, companies, strict=True)
    )
    cases = [
        _case(company, KINDS[n % 6], n)
        for n, company in zip(numbers, companies, strict=True)
        if KINDS[n % 6] != "not-started"
    ]
    Onboarding.objects.bulk_create(cases)
    StepRecord.objects.bulk_create(record for each in cases for record in _records(each))
    return companies


def _case(company: Company, kind: str, number: int) -> Onboarding:
    now = timezone.now()
    case = Onboarding(
        company=company,
        environment="production" if number % 4 == 0 else "uit",
        started_at=now - timedelta(days=number % 40 + 1),
        code=_code(number),
    )
    case.kind = kind  # type: ignore[attr-defined]  # for its records
    if kind in ("complete", "withdrawn"):
        case.status = "completed" if kind == "complete" else "withdrawn"
        case.ended_at = case.destroy_secrets_at = now - timedelta(days=1)
    records = _records(case)
    for name, value in vars(projection.derive(records)).items():
        setattr(case, name, value)
    return case


def _code(number: int) -> str:
    letters = "ABCDEFGHJK"
    spelt = "".join(letters[int(digit)] for digit in f"{number:08}")
    return f"{spelt[:4]}-{spelt[4:]}"


def _records(case: Onboarding) -> list[StepRecord]:
    kind, now = str(getattr(case, "kind")), timezone.now()  # noqa: B009  an attribute of the tests only
    current = {"open": "register", "withdrawn": "register", "late": "verification", "problem": "quote"}.get(
        kind
    )
    place = ORDER[current] if current else len(ORDER)
    since = case.started_at
    records = []
    for slug, at in ORDER.items():
        state = State.DONE if at < place else State.LOCKED
        record = StepRecord(onboarding=case, slug=slug, state=state, since=since)
        if slug == current:
            columns_of: dict[str, dict[str, Any]] = {
                "late": {"state": State.WAITING, "due_at": now - timedelta(hours=5)},
                "problem": {"state": State.PROBLEM, "problem_code": "atlas-unexpected"},
            }
            for name, value in columns_of.get(kind, {"state": State.OPEN}).items():
                setattr(record, name, value)
        records.append(record)
    return records
