"""The deadlines of one onboarding rest, with a reason; of a whole company they rest while it is on hold (holds.py).

While they rest nobody is reminded and no step counts as late; polling goes on. Afterwards each deadline that was still
ahead is later by as much as they rested. Several pauses may overlap: the deadlines rest until the last has ended.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from certs import clock
from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.journey import projection
from onboarding.journey.assignment import lock_onboarding
from onboarding.journey.deadlines.working_days import add_working_days, count_working_days
from onboarding.journey.models import DeadlinePause, Onboarding, StepRecord
from onboarding.journey.steps import State
from onboarding.people.decisions import ALLOWED, Decision, Reason, StateConflict, require
from onboarding.people.models import User

COLUMNS = ("usual_at", "due_at", "next_reminder_at")


def is_paused(onboarding: Onboarding) -> bool:
    """Whether its deadlines rest. In a query: `deadlines_paused_at__isnull=False` of the onboarding."""
    return onboarding.deadlines_paused_at is not None


def may_change_deadlines(user: User) -> Decision:
    """Ops alone pause deadlines and change times."""
    if user.is_ops:
        return ALLOWED
    return Decision.refuse("Only ops may change deadlines.", Reason.PERMISSION)


def find_pauses(onboarding: Onboarding) -> QuerySet[DeadlinePause]:
    """Those that are open now, of the onboarding and of its company, the oldest first."""
    of_either = Q(onboarding=onboarding) | Q(company=onboarding.company_id, onboarding=None)
    return DeadlinePause.objects.filter(of_either, ended_at=None)


def pause_onboarding(onboarding: Onboarding, *, actor: User, reason: str) -> DeadlinePause:
    """Let the deadlines of one onboarding rest. Raises RequestRefused."""
    require(may_change_deadlines(actor))
    with transaction.atomic():
        onboarding = lock_onboarding(onboarding.pk)
        if not onboarding.is_active:
            raise StateConflict(f"{onboarding} is over, so it has no deadlines.")
        own = DeadlinePause.objects.filter(onboarding=onboarding, ended_at=None)
        if own.exists():
            raise StateConflict(f"The deadlines of {onboarding} are paused already.")
        pause = own.create(
            company=onboarding.company,
            onboarding=onboarding,
            reason=reason,
            started_by=actor,
            started_at=clock.now(),
        )
        stop(onboarding, pause.started_at)
        _record(EventName.DEADLINES_PAUSED, pause, actor)
    return pause


def resume_onboarding(onboarding: Onboarding, *, actor: User) -> None:
    """End the pause of one onboarding, whose deadlines rest on while its company is on hold. Raises RequestRefused."""
    require(may_change_deadlines(actor))
    with transaction.atomic():
        onboarding = lock_onboarding(onboarding.pk)
        pause = DeadlinePause.objects.filter(onboarding=onboarding, ended_at=None).first()
        if pause is None:
            raise StateConflict(f"The deadlines of {onboarding} are not paused.")
        resume([onboarding], end_pause(pause, actor))
        _record(EventName.DEADLINES_RESUMED, pause, actor)


def end_pause(pause: DeadlinePause, actor: User) -> datetime:
    """Write down that it is over, and answer since when."""
    pause.ended_at, pause.ended_by = clock.now(), actor
    pause.save(update_fields=["ended_at", "ended_by"])
    return pause.ended_at


def stop(onboarding: Onboarding, now: datetime) -> None:
    """From now on the deadlines of a locked onboarding rest, if they do not already."""
    if onboarding.deadlines_paused_at is None:
        onboarding.deadlines_paused_at = now
        onboarding.save(update_fields=["deadlines_paused_at"])


def resume(onboardings: Iterable[Onboarding], now: datetime) -> None:
    """Each that no other pause keeps at rest, with all deadlines that were ahead when it came to rest; all locked."""
    for onboarding in onboardings:
        paused_at = onboarding.deadlines_paused_at
        if paused_at is None or find_pauses(onboarding).exists():
            continue
        onboarding.deadlines_paused_at = None
        records = list(StepRecord.objects.filter(onboarding=onboarding))
        pending = [record for record in records if record.due_at is not None]
        for record in pending:
            _shift(record, paused_at, now)
        StepRecord.objects.bulk_update(pending, COLUMNS)
        projection.write(onboarding, records)


def _record(name: EventName, pause: DeadlinePause, actor: User) -> None:
    """Last of all: whoever writes an event holds the company's chain, and the onboardings are locked before it."""
    record_event(
        name,
        company=pause.company,
        actor=actor,
        onboarding_id=pause.onboarding_id,
        data={"reason": pause.reason},
    )


def _shift(record: StepRecord, paused_at: datetime, now: datetime) -> None:
    """A wait by the time that passed; a person's step by the working days that began. Nothing that was past already."""
    begun = max(paused_at, record.since)
    days = count_working_days(begun, now)
    for column in COLUMNS:
        moment: datetime | None = getattr(record, column)
        if moment is None or moment <= begun:
            continue
        if record.state == State.WAITING:
            setattr(record, column, moment + max(now - begun, timedelta(0)))
        elif days:
            setattr(record, column, add_working_days(moment, days))
