"""Putting a company on hold and going on: its deadlines and reminders rest meanwhile, the portal's looks go on.

What rests is decided by the rooms above, which receive `company_held` and `company_hold_ended`, or read
`Company.on_hold_since`. A hold moves no step.
"""

from django.db import transaction

from certs import clock
from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.people.decisions import StateConflict
from onboarding.people.hold_models import CompanyHold
from onboarding.people.models import Company, User
from onboarding.people.signals import company_held, company_hold_ended
from onboarding.ui.formatting import when


def find_hold(company: Company) -> CompanyHold | None:
    """The hold of a company that was already fetched for a person, with who wrote it; None if it is not on hold."""
    return CompanyHold.objects.open().filter(company=company).select_related("held_by").first()


def hold_company(company: Company, reason: str, *, actor: User) -> CompanyHold:
    """Begin the rest, on record. Raises StateConflict if it rests already, or is archived."""
    with transaction.atomic():
        locked = _lock(company)
        if locked.archived_at:
            raise StateConflict(f"{locked.name} is archived, so nothing of it is due. Put it back first.")
        if already := find_hold(locked):
            raise StateConflict(
                f"{already.held_by} put {locked.name} on hold on {when(already.since)} already, for this reason: "
                f"{already.reason}"
            )
        made: CompanyHold = CompanyHold.objects.create(company=locked, reason=reason, held_by=actor)
        locked.on_hold_since = made.since
        locked.save(update_fields=["on_hold_since"])
        company_held.send(Company, company=locked, actor=actor, reason=reason)
        record_event(EventName.COMPANY_HELD, company=locked, actor=actor, data={"reason": reason})
    return made


def end_hold(company: Company, *, actor: User) -> None:
    """Deadlines and reminders go on, on record. Raises StateConflict if it does not rest (any more)."""
    with transaction.atomic():
        locked = _lock(company)
        hold = find_hold(locked)
        if hold is None:
            raise StateConflict(f"{company.name} is not on hold; somebody else may have ended it.")
        hold.ended_at, hold.ended_by = clock.now(), actor
        hold.save(update_fields=["ended_at", "ended_by"])
        locked.on_hold_since = None
        locked.save(update_fields=["on_hold_since"])
        company_hold_ended.send(Company, company=locked, actor=actor, reason=hold.reason)
        record_event(EventName.COMPANY_RESUMED, company=locked, actor=actor)


def _lock(company: Company) -> Company:
    locked: Company = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    return locked
