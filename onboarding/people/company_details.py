"""What a company is called and numbered here: corrected by ops on record, and asked for where the number cannot be one.

Nothing waits for it: an onboarding goes on, and its identity profile asks for the number at the latest.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.people import emails
from onboarding.people.decisions import StateConflict
from onboarding.people.locking import lock_company
from onboarding.people.models import Company, User
from onboarding.ui import validators


@dataclass(frozen=True)
class Details:
    """Registered name, company number, country (two letters of ISO 3166-1)."""

    name: str
    number: str
    country: str

    @classmethod
    def of(cls, company: Company) -> "Details":
        """As they are stored."""
        return cls(company.name, company.number, company.country)

    @property
    def version(self) -> str:
        """Another one when somebody changed something meanwhile."""
        return hashlib.sha256(repr((self.name, self.number, self.country)).encode()).hexdigest()[:16]


class ChangedMeanwhile(StateConflict):
    """Somebody else saved the company after this page was opened."""


def find_number_fault(company: Company) -> str:
    """Why the company must be asked for its number, as a sentence; empty if it can be the number."""
    if not company.number.strip():
        return "The portal has no company number for this company."
    if company.country != validators.UNITED_KINGDOM:
        return ""
    try:
        validators.normalize_company_number(company.number)
    except ValidationError:
        return f"The portal has “{company.number}” as the company number, and Companies House has no such numbers."
    return ""


def require_unknown(name: str, number: str, besides: Company | None = None) -> None:
    """Raise StateConflict if another company has this name or number: it would be somebody else's twin of it."""
    others = Company.objects.exclude(pk=besides.pk) if besides else Company.objects.all()
    known = others.filter(Q(name__iexact=name.strip()) | _has_number(number)).first()
    if known is not None:
        numbered = f"company number {known.number}" if known.number else "without a company number"
        raise StateConflict(
            f"{known.name} ({numbered}) is here already. Look for it in the list of companies."
        )


def _has_number(number: str) -> Q:
    """The companies with this number, also as a spreadsheet may have left it; none for no number."""
    found = Q(pk__in=[])
    for spelt in {number.strip(), number.strip().lstrip("0")} - {""}:
        found |= Q(number__iexact=spelt)
    return found


def change_details(company: Company, details: Details, *, read: str, actor: User) -> bool:
    """Store what ops typed; True if anything changed. `read` is the version that the page showed.

    The Certificate Admins are written to. Raises ChangedMeanwhile, and StateConflict for another company's name or
    number.
    """
    with transaction.atomic():
        locked = lock_company(company)
        before = Details.of(locked)
        if before == details:
            return False
        if before.version != read:
            country = validators.country_name(before.country)
            raise ChangedMeanwhile(
                f"Somebody else changed this company while you had the page open. It is stored as {before.name}, "
                f"number {before.number or 'not given'}, {country} now. Check what you typed, and save again."
            )
        require_unknown(details.name, details.number, besides=locked)
        _write(locked, details, actor)
        emails.queue_company_changed(locked, before.name, before.number, actor)
    return True


def complete_number(company: Company, number: str, country: str, *, actor: User) -> None:
    """Take the number that somebody of the company sent to GlobalSign, if the portal's own cannot be one.

    Another company's number is not taken; nothing is refused here.
    """
    if not find_number_fault(company):
        return
    with transaction.atomic():
        locked = lock_company(company)
        details = Details(locked.name, number, country)
        taken = Company.objects.filter(_has_number(number)).exclude(pk=locked.pk).exists()
        if find_number_fault(locked) and not taken:
            _write(locked, details, actor)


def _write(company: Company, details: Details, actor: User) -> None:
    before = Details.of(company)
    company.name, company.number, company.country = details.name, details.number, details.country
    company.save(update_fields=["name", "number", "country"])
    pairs: dict[str, Any] = {
        name: {"before": getattr(before, name), "now": getattr(details, name)}
        for name in ("name", "number", "country")
        if getattr(before, name) != getattr(details, name)
    }
    record_event(EventName.COMPANY_CHANGED, company=company, actor=actor, data=pairs)
