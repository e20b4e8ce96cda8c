"""Ops change how long a step may take in one company, with a reason; what is open already gets its new deadline.

The usual times, for every company, are in the steps' definitions and in the settings (step_times.py).
"""

from typing import Any

from django.db import transaction

from certs import clock
from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.journey import projection
from onboarding.journey.assignment import lock_onboarding
from onboarding.journey.deadlines.due_times import is_up_to_a_person
from onboarding.journey.deadlines.pauses import may_change_deadlines
from onboarding.journey.deadlines.step_times import get_times, get_usual_times
from onboarding.journey.deadlines.working_days import add_working_days, count_working_days
from onboarding.journey.definitions import Times
from onboarding.journey.models import CompanyDeadlines, DeadlinePause, Onboarding, StepRecord
from onboarding.people.decisions import StateConflict, require
from onboarding.people.locking import lock_company
from onboarding.people.models import Company, User

CHANGED = "Somebody has changed these times since you opened the page: they are {usual} and {latest} working days now."


def change_times(company: Company, slug: str, times: Times, *, seen: Times, actor: User, reason: str) -> int:
    """From now on a step of this company has these times. Returns how many open steps got a new deadline.

    None of them is due before the end of the next working day. `seen` are the times that the person saw: where others
    hold by now, nothing is changed. Raises RequestRefused.
    """
    require(may_change_deadlines(actor))
    with transaction.atomic():
        lock_company(company)  # as a start does: what begins now has these times, or is found below
        own, _ = CompanyDeadlines.objects.get_or_create(company=company)
        now_held = get_times(slug, own.times)
        if now_held != seen:
            raise StateConflict(CHANGED.format(**now_held._asdict()))
        own.times = {**own.times, slug: {**times._asdict(), "reason": reason}}
        if times == get_usual_times(slug):
            del own.times[slug]
        own.save(update_fields=["times"])
        count = _give_new_deadlines(company, slug, times)
        record_event(
            EventName.STEP_TIMES_CHANGED,
            company=company,
            actor=actor,
            step=slug,
            data={"times_before": _say(seen), "times_now": _say(times), "reason": reason},
        )
    return count


def _say(times: Times) -> str:
    return f"{times.usual} and {times.latest} working days"


def _give_new_deadlines(company: Company, slug: str, times: Times) -> int:
    count = 0
    active = Onboarding.objects.active().filter(company=company).order_by("pk").values_list("pk", flat=True)
    for pk in active:
        onboarding = lock_onboarding(pk)
        records = list(StepRecord.objects.filter(onboarding=onboarding))
        record = next(each for each in records if each.slug == slug)
        if record.due_at is not None and is_up_to_a_person(record):
            _set_deadline(record, times, _count_rested_days(onboarding, record))
            record.save(update_fields=["usual_at", "due_at", "next_reminder_at"])
            projection.write(onboarding, records)
            count += 1
    return count


def _set_deadline(record: StepRecord, times: Times, rested: int) -> None:
    """Counted from the step's beginning, as for every other step; who was reminded already is not reminded again."""
    first = add_working_days(clock.now(), 1)
    was_reminded = record.next_reminder_at != record.usual_at
    record.usual_at = max(first, add_working_days(record.since, times.usual + rested))
    record.due_at = max(first, add_working_days(record.since, times.latest + rested))
    record.next_reminder_at = record.due_at if was_reminded else record.usual_at


def _count_rested_days(onboarding: Onboarding, record: StepRecord) -> int:
    """Working days since the step began in which its deadlines rested, without a pause that goes on."""
    rows: Any = DeadlinePause.objects.filter(company=onboarding.company_id, ended_at__gt=record.since)
    rested, counted_to = 0, record.since
    for pause in rows.order_by("started_at"):
        if pause.onboarding_id not in (None, onboarding.pk):
            continue
        rested += count_working_days(max(pause.started_at, counted_to), pause.ended_at)
        counted_to = max(counted_to, pause.ended_at)
    return rested
