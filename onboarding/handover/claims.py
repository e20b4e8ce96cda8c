"""Taking a step that nobody holds, giving it back, and taking it back from its assignee.

The step's state is not touched: only who holds it. Of two racers one wins; the other is told who and when.
"""

from django.db import transaction

from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.handover import closing, secret_sharing
from onboarding.journey import emails, guards
from onboarding.journey.access import read_access
from onboarding.journey.assignment import assign, get_locked
from onboarding.journey.models import StepRecord
from onboarding.people.decisions import require
from onboarding.people.models import User


def claim(read: StepRecord, *, actor: User) -> StepRecord:
    """Hold a step that nobody holds.

    Raises StateConflict with the assignee's name and the time when somebody was quicker.
    """
    with transaction.atomic():
        record = get_locked(read)
        require(guards.may_claim(read_access(actor, record.onboarding), record))
        assign(record, actor)
        _record_event(EventName.STEP_CLAIMED, record, actor)
    return record


def reassign(read: StepRecord, *, actor: User, reason: str) -> StepRecord:
    """Take a step from its assignee, who is told why. Raises RequestRefused."""
    with transaction.atomic():
        record = get_locked(read)
        require(guards.may_reassign(read_access(actor, record.onboarding), record))
        former = record.assignee
        closing.end_handover(record, actor, reason)
        assign(record, actor)
        _destroy_unopened(record, former, actor)
        event = _record_event(EventName.STEP_REASSIGNED, record, actor, former=str(former), reason=reason)
        if former is not None:
            emails.queue_reassigned(record, former, actor, reason, occasion=event.number)
    return record


def unclaim(read: StepRecord, *, actor: User) -> StepRecord:
    """Give a step back to the team; the draft stays. Raises RequestRefused."""
    with transaction.atomic():
        record = get_locked(read)
        require(guards.may_unclaim(read_access(actor, record.onboarding), record))
        former = record.assignee
        closing.end_handover(record, actor, "The step was given back to the team.")
        assign(record, None)
        _destroy_unopened(record, former, actor)
        _record_event(EventName.STEP_UNCLAIMED, record, actor)
    return record


def _destroy_unopened(record: StepRecord, former: User | None, actor: User) -> None:
    """What was shared with the former assignee for this step alone is theirs no more."""
    if former is not None:
        secret_sharing.destroy_unreceivable(former, [record.onboarding], actor)


def _record_event(name: EventName, record: StepRecord, actor: User, **data: str) -> Event:
    return record_event(
        name,
        company=record.onboarding.company,
        actor=actor,
        onboarding_id=record.onboarding_id,
        step=record.slug,
        data=data,
    )
