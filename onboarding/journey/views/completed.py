"""The end of an onboarding on its page: what is valid until when, and what a Certificate Admin may start next."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from certs.models import ApiCredential, Certificate
from onboarding.journey.access import Access
from onboarding.journey.choices import OnboardingEnvironment, OnboardingStatus
from onboarding.journey.company_certificates import (
    REMINDED,
    count_days_left,
    find_later,
    lacks_production,
    make_start_url,
)
from onboarding.journey.damage import UNREADABLE
from onboarding.journey.models import Onboarding
from onboarding.journey.page_files import PageFiles
from onboarding.journey.steps import StepSlug


@dataclass(frozen=True)
class Completed:
    """`certificate` and `credential` are None where none is on record. `later` renews this onboarding, or has done so.

    The addresses are empty for who may not start an onboarding, and where there is nothing to start.
    """

    certificate: Certificate | None
    credential: ApiCredential | None
    later: Onboarding | None
    production_url: str
    renew_url: str

    @property
    def days_left(self) -> int:
        """Of the certificate, in whole days; 0 once it has ended."""
        return count_days_left(self.certificate.not_after) if self.certificate else 0

    @property
    def remind_at(self) -> datetime | None:
        """From when on the portal reminds of the certificate's end (UTC)."""
        return self.certificate.not_after - REMINDED if self.certificate else None

    @property
    def ends_soon(self) -> bool:
        """Whether the certificate ends within the time in which the portal reminds."""
        return self.certificate is not None and self.days_left < REMINDED.days


def describe_completed(access: Access, files: PageFiles) -> Completed | None:
    """Read it for an onboarding whose steps are all done: three queries. None for one that was withdrawn."""
    onboarding = access.onboarding
    if onboarding.status == OnboardingStatus.WITHDRAWN:
        return None
    others = list(onboarding.company.onboardings.all())
    later = find_later(onboarding, others)
    produce = access.is_admin and lacks_production(onboarding, others)
    production = OnboardingEnvironment.PRODUCTION
    return Completed(
        certificate=_find_certificate(files),
        credential=_find_credential(onboarding, files),
        later=later,
        production_url=make_start_url(onboarding.company, production, onboarding) if produce else "",
        renew_url=""
        if later or not access.is_admin
        else make_start_url(onboarding.company, onboarding.environment, onboarding),
    )


def _find_certificate(files: PageFiles) -> Certificate | None:
    """The certificate that the step rests on; none where its facts are damaged."""
    try:
        return files.certificate
    except UNREADABLE:
        return None


def _find_credential(onboarding: Onboarding, files: PageFiles) -> ApiCredential | None:
    """The API credential that the step rests on; none where its facts are damaged."""
    try:
        pk = UUID(str(files.fact(StepSlug.API_CREDENTIALS, "credential_id")))
    except UNREADABLE:
        return None
    return ApiCredential.objects.filter(pk=pk, case_id=onboarding.pk).first()
