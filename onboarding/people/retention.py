"""How long the portal keeps a company's secrets after the upload to the DIP: chosen by the company, on record.

When they are destroyed is journey/'s business, from each onboarding's own date.
"""

from django.db import transaction

from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.people import emergency_rules
from onboarding.people.access import require_admin
from onboarding.people.models import Company, User

LONGEST = 90  # days: by then the next certificate is nobody's reason to keep the key of this one


def choose(company: Company, days: int, *, actor: User) -> Company:
    """From now on, secrets outlive the upload by `days` (0 to LONGEST). Onboardings that are complete keep their date.

    Raises PermissionRefused, StateConflict while an emergency invitation's time runs, ValueError for another number.
    """
    require_admin(actor, company)
    emergency_rules.require_settled(actor, company)
    if not 0 <= days <= LONGEST:
        raise ValueError(f"between 0 and {LONGEST} days")
    with transaction.atomic():
        locked: Company = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
        if locked.retention_days != days:
            _write(locked, days, actor)
    return locked


def _write(company: Company, days: int, actor: User) -> None:
    before, company.retention_days = company.retention_days, days
    company.save(update_fields=["retention_days"])
    data = {"days": str(days), "before": str(before)}
    record_event(EventName.RETENTION_CHOSEN, company=company, actor=actor, data=data)
