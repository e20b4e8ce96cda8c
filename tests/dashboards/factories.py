"""Many companies at once, as rows and not as journeys: what lists and boards need, in a few statements."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from certs.models import Certificate, SigningRequest
from onboarding.journey import projection
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.steps import ORDER, STEPS
from onboarding.people.models import Company, Membership, Role, User


@dataclass(frozen=True)
class Stand:
    """Where an onboarding stands: at a step, in a state, since a moment; `columns` are further ones of the record."""

    slug: str = "register"
    state: str = "open"
    since: datetime | None = None
    columns: dict[str, Any] | None = None


@transaction.atomic  # a company has its primary, and an onboarding its steps, at the end of it
def make_many(stands: list[Stand], prefix: str = "many") -> list[Onboarding]:
    """A company with a primary, and its onboarding in UIT, for each of these."""
    numbers = range(len(stands))
    people = User.objects.bulk_create(
        User(email=f"{prefix}-{n}@many.example", name=f"Primary {prefix} {n}", telephone="0117 496 0001")
        for n in numbers
    )
    companies = Company.objects.bulk_create(
        Company(slug=f"{prefix}-{n}", name=f"{prefix.title()} {n:03} Ltd", number=f"{n:08}") for n in numbers
    )
    Membership.objects.bulk_create(
        Membership(user=user, company=company, role=Role.PRIMARY)
        for user, company in zip(people, companies, strict=True)
    )
    cases = [
        Onboarding(company=company, started_by=user) for user, company in zip(people, companies, strict=True)
    ]
    records = []
    for case, stand in zip(cases, stands, strict=True):
        mine = [_record(case, row.slug, stand) for row in STEPS]
        records += mine
        for name, value in vars(projection.derive(mine)).items():
            setattr(case, name, value)
    Onboarding.objects.bulk_create(cases)
    StepRecord.objects.bulk_create(records)
    return cases


def _record(case: Onboarding, slug: str, stand: Stand) -> StepRecord:
    record = StepRecord(onboarding=case, slug=slug)
    if ORDER[slug] < ORDER[stand.slug]:
        record.state = "done"
    elif slug == stand.slug:
        record.state = stand.state
        record.since = stand.since or timezone.now()
        for name, value in (stand.columns or {}).items():
            setattr(record, name, value)
    return record


def make_certificate(case: Onboarding, days_left: float, serial: str) -> Certificate:
    """The certificate on which an onboarding rests, with so many days left; its words are of no matter."""
    ends = timezone.now() + timedelta(days=days_left)
    request = SigningRequest.objects.create(
        company_id=case.company_id, case_id=case.pk, origin="own", csr_pem="-", public_key_sha256=serial
    )
    made = Certificate.objects.create(
        company_id=case.company_id,
        case_id=case.pk,
        signing_request=request,
        pem="-",
        serial=serial,
        not_before=ends - timedelta(days=365),
        not_after=ends,
        sha256=serial,
    )
    case.steps.filter(slug="certificate").update(facts={"certificate_id": str(made.pk)})
    return made
