"""Putting a company on hold and going on: deadlines and reminders of all its onboardings rest, of later ones as well.

A hold is a DeadlinePause without an onboarding. `Company.on_hold_since` says the same to lists, to reminders and to
whoever starts an onboarding; both are written here alone, under the company's lock, which a start takes, too.
A hold moves no step, and the portal goes on looking into Atlas.
"""

from datetime import datetime

from django.db import transaction

from certs import clock
from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.journey.assignment import lock_onboarding
from onboarding.journey.deadlines.pauses import end_pause, may_change_deadlines, resume, stop
from onboarding.journey.models import DeadlinePause, Onboarding
from onboarding.people.decisions import StateConflict, require
from onboarding.people.locking import lock_company
from onboarding.people.models import Company, User
from onboarding.ui.formatting import when


def find_hold(company: Company) -> DeadlinePause | None:
    """The hold of a company that was already fetched for a person, with who began it; None if it is not on hold."""
    found = DeadlinePause.objects.filter(company=company, onboarding=None, ended_at=None)
    return found.select_related("started_by").first()


def hold_company(company: Company, reason: str, *, actor: User) -> DeadlinePause:
    """Begin the rest, on record. Raises RequestRefused: StateConflict if it rests already, or is archived."""
    require(may_change_deadlines(actor))
    with transaction.atomic():
        company = lock_company(company)
        if company.archived_at:
            raise StateConflict(f"{company.name} is archived, so nothing of it is due. Put it back first.")
        if already := find_hold(company):
            raise StateConflict(
                f"{already.started_by} put {company.name} on hold on {when(already.started_at)} already, for this "
                f"reason: {already.reason}"
            )
        pause: DeadlinePause = DeadlinePause.objects.create(
            company=company, reason=reason, started_by=actor, started_at=clock.now()
        )
        _set_on_hold_since(company, pause.started_at)
        for onboarding in _lock_active(company):
            stop(onboarding, pause.started_at)
        record_event(EventName.COMPANY_HELD, company=company, actor=actor, data={"reason": reason})
    return pause


def end_hold(company: Company, *, actor: User) -> None:
    """Deadlines and reminders go on, on record; an onboarding with a pause of its own rests on.

    Raises RequestRefused: StateConflict if the company does not rest (any more).
    """
    require(may_change_deadlines(actor))
    with transaction.atomic():
        company = lock_company(company)
        pause = find_hold(company)
        if pause is None:
            raise StateConflict(f"{company.name} is not on hold; somebody else may have ended it.")
        ended_at = end_pause(pause, actor)
        _set_on_hold_since(company, None)
        resume(_lock_active(company), ended_at)
        record_event(EventName.COMPANY_RESUMED, company=company, actor=actor)


def _set_on_hold_since(company: Company, moment: datetime | None) -> None:
    company.on_hold_since = moment
    company.save(update_fields=["on_hold_since"])


def _lock_active(company: Company) -> list[Onboarding]:
    active = Onboarding.objects.active().filter(company=company).order_by("pk")
    return [lock_onboarding(pk) for pk in active.values_list("pk", flat=True)]
