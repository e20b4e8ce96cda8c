"""Every certificate that the portal knows of one company, how each stands, and what may be renewed.

The company was fetched for a person before; whether the person may start a renewal is said by the caller.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from certs import clock
from certs.models import Certificate
from certs.subjects import describe_subject
from onboarding.journey.choices import OnboardingEnvironment, OnboardingStatus
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.polling.expiring import EXPIRY_NOTICE
from onboarding.journey.steps import State, StepSlug
from onboarding.people.models import Company

REMINDED = max(EXPIRY_NOTICE)  # before the end: from then on the portal reminds


class CertificateState(StrEnum):
    """How a certificate stands."""

    IN_USE = "In use"
    PROVEN = "Proven"
    ISSUED = "Issued"
    SUPERSEDED = "Superseded by a renewal"
    REPLACED = "Made again"
    WITHDRAWN = "Withdrawn"
    EXPIRED = "Expired"


COLOURS = {
    CertificateState.IN_USE: "green",
    CertificateState.PROVEN: "teal",
    CertificateState.ISSUED: "light-blue",
    CertificateState.EXPIRED: "red",
}
COUNTED = frozenset({CertificateState.IN_USE, CertificateState.PROVEN, CertificateState.ISSUED})


@dataclass(frozen=True)
class CompanyCertificate:
    """One certificate. `later` is the onboarding that renews it or has renewed it; `renew_url` is empty without one."""

    certificate: Certificate
    onboarding: Onboarding
    state: CertificateState
    later: Onboarding | None
    renew_url: str

    @property
    def subject(self) -> str:
        """Its subject in words."""
        return describe_subject(self.certificate.pem)

    @property
    def colour(self) -> str:
        """Of the tag that says how it stands."""
        return COLOURS.get(self.state, "grey")

    @property
    def days_left(self) -> int:
        """Whole days until it ends; 0 once it has ended."""
        return count_days_left(self.certificate.not_after)

    @property
    def ends_soon(self) -> bool:
        """Whether the portal reminds of its end by now: it counts, and has this little time left."""
        return self.state in COUNTED and self.certificate.not_after - clock.now() <= REMINDED

    @property
    def explanation(self) -> str:
        """One sentence on what the state means."""
        return EXPLANATIONS[self.state].format(later=self.later.code if self.later else "")


EXPLANATIONS = {
    CertificateState.IN_USE: "The DIP has accepted it.",
    CertificateState.PROVEN: "Atlas accepts it. It is not in the DIP yet.",
    CertificateState.ISSUED: "It is not tried at Atlas yet.",
    CertificateState.SUPERSEDED: "The certificate of {later} is used in its place.",
    CertificateState.REPLACED: "Another one was made in the same onboarding.",
    CertificateState.WITHDRAWN: "The onboarding was withdrawn.",
    CertificateState.EXPIRED: "It has ended.",
}


def count_days_left(moment: datetime) -> int:
    """Whole days from now until then; 0 for what is past."""
    return max((moment - clock.now()) // timedelta(days=1), 0)


def make_start_url(company: Company, environment: str, after: Onboarding) -> str:
    """The address at which a Certificate Admin starts what comes after a complete onboarding."""
    query = urlencode({"environment": environment, "after": after.code})
    return f"{reverse('dashboards:start', args=[company.slug])}?{query}"


def list_company_certificates(company: Company, *, may_start: bool) -> list[CompanyCertificate]:
    """All of them: what counts first, by its end; then the others, the newest first. Three queries."""
    onboardings = {each.pk: each for each in company.onboardings.order_by("started_at")}
    for each in onboardings.values():
        each.company = company
    records = StepRecord.objects.filter(
        onboarding__in=onboardings, slug__in=(StepSlug.CERTIFICATE, StepSlug.PROOF)
    ).values_list("onboarding_id", "slug", "state", "facts")
    steps: dict[tuple[UUID, str], tuple[str, Any]] = {
        (pk, slug): (state, facts) for pk, slug, state, facts in records
    }
    found = Certificate.objects.filter(company_id=company.pk, case_id__in=onboardings).order_by("-not_after")
    rows = [_describe(each, onboardings, steps, may_start) for each in found.defer("chain_pem")]
    counted = sorted((row for row in rows if row.state in COUNTED), key=lambda r: r.certificate.not_after)
    return [*counted, *(row for row in rows if row.state not in COUNTED)]


def _describe(
    certificate: Certificate,
    onboardings: dict[UUID, Onboarding],
    steps: dict[tuple[UUID, str], tuple[str, Any]],
    may_start: bool,
) -> CompanyCertificate:
    onboarding = onboardings[certificate.case_id]
    later = find_later(onboarding, onboardings.values())
    named = _read_named(steps, onboarding.pk)
    is_current = named == str(certificate.pk)
    taken_over = later is not None and _is_done(steps, later.pk, StepSlug.PROOF)
    state = _find_state(
        certificate, onboarding, is_current, _is_done(steps, onboarding.pk, StepSlug.PROOF), taken_over
    )
    renewable = is_current and onboarding.status == OnboardingStatus.COMPLETED and later is None
    url = make_start_url(onboarding.company, onboarding.environment, onboarding)
    return CompanyCertificate(certificate, onboarding, state, later, url if renewable and may_start else "")


def _read_named(steps: dict[tuple[UUID, str], tuple[str, Any]], pk: UUID) -> str:
    """The certificate that the onboarding rests on, by its key; damaged facts name none."""
    facts = steps.get((pk, StepSlug.CERTIFICATE), ("", {}))[1]
    return str(facts.get("certificate_id", "")) if isinstance(facts, dict) else ""


def _is_done(steps: dict[tuple[UUID, str], tuple[str, Any]], pk: UUID, slug: str) -> bool:
    return steps.get((pk, slug), ("", {}))[0] == State.DONE


def _find_state(
    certificate: Certificate, onboarding: Onboarding, is_current: bool, is_proven: bool, taken_over: bool
) -> CertificateState:
    if certificate.not_after <= clock.now():
        return CertificateState.EXPIRED
    if not is_current:
        return CertificateState.REPLACED
    if onboarding.status == OnboardingStatus.WITHDRAWN:
        return CertificateState.WITHDRAWN
    if taken_over:
        return CertificateState.SUPERSEDED
    if onboarding.status == OnboardingStatus.COMPLETED:
        return CertificateState.IN_USE
    return CertificateState.PROVEN if is_proven else CertificateState.ISSUED


def find_later(onboarding: Onboarding, others: Iterable[Onboarding]) -> Onboarding | None:
    """The newest onboarding of the same environment that was started after this one and is not withdrawn."""
    later = [
        each
        for each in others
        if each.environment == onboarding.environment
        and each.started_at > onboarding.started_at
        and each.status != OnboardingStatus.WITHDRAWN
    ]
    return max(later, key=lambda each: each.started_at, default=None)


def lacks_production(onboarding: Onboarding, others: Sequence[Onboarding]) -> bool:
    """Whether production may be started after this one: it is of UIT, and there is no other but withdrawn ones."""
    production = [
        each
        for each in others
        if each.environment == OnboardingEnvironment.PRODUCTION and each.status != OnboardingStatus.WITHDRAWN
    ]
    return onboarding.environment == OnboardingEnvironment.UIT and not production
