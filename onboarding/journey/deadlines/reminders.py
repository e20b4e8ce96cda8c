"""What a worker sends when a step's time has come: to its person at the usual time, to all admins at the latest.

Each of these emails goes once for each stay of a step in its state: the record's `next_reminder_at` and the key of the
email see to it. Whom they reach and what they say is in emails.py; the button “Remind” is in journey/reminders.py.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction

from certs import clock
from certs.rows import update_rows
from onboarding.journey import emails
from onboarding.journey.email_recipients import Recipients
from onboarding.journey.models import StepRecord
from onboarding.journey.steps import State
from onboarding.notifications.outbox import gather_emails
from onboarding.periodic.batches import Done, Task, do_in_batches

AT_ONCE = 100  # steps, reminded of in one transaction
SECONDS = 60  # of a run, after which no further batch begins
MOST_IN_EMAIL = 20


def remind_of_due_steps() -> int:
    """Queue what is due, earliest first, a batch in a transaction. Returns how many emails' occasions.

    With nothing due it is one question to an index. A run that is killed, or out of time, leaves the rest to the next.
    A step that fails is on the log and stops no other.
    """
    now = clock.now()
    due = list(StepRecord.objects.due_for_reminder(now).values_list("pk", flat=True))
    return do_in_batches(Task(partial(_remind, now=now), due, AT_ONCE), seconds=SECONDS)


def _remind(pks: Sequence[int], *, wait: bool, now: datetime) -> Done:
    """Everything that is due of these steps; nothing where one moved or came to rest, or another was first."""
    due = StepRecord.objects.due_for_reminder(now).select_for_update(of=("self",), skip_locked=not wait)
    records = list(due.filter(pk__in=pks).select_related("onboarding__company", "assignee"))
    # Of others nothing comes any more.
    pending = [each for each in records if each.onboarding.is_active and each.due_at is not None]
    found = Recipients(each.onboarding for each in pending)
    with gather_emails():
        for record in pending:
            _queue_what_is_due(record, now, found)
    for record in records:
        record.next_reminder_at = None if _is_last(record, now) else record.due_at
    update_rows(records, ("next_reminder_at",))
    free = {record.pk for record in records}
    return Done(len(pending), [] if wait else [pk for pk in pks if pk not in free])


def _is_first(record: StepRecord) -> bool:
    seen = record.next_reminder_at
    return record.state != State.WAITING and seen is not None and seen == record.usual_at


def _is_last(record: StepRecord, now: datetime) -> bool:
    following = record.due_at if _is_first(record) else None
    return following is None or following <= now


def _queue_what_is_due(record: StepRecord, now: datetime, found: Recipients) -> None:
    if _is_first(record):
        emails.queue_usual_time(record, found)
    if _is_last(record, now) and record.state == State.WAITING:
        emails.queue_late(record, found)
    elif _is_last(record, now):
        emails.queue_latest_time(record, found)


def tell_ops_of_stuck_steps() -> int:
    """One email a day to each person of ops, if anything is stuck. Returns how many steps are."""
    now = clock.now()
    stuck = StepRecord.objects.stuck(now)
    worst = list(stuck.select_related("onboarding__company", "assignee")[:MOST_IN_EMAIL])
    if not worst:
        return 0
    count = stuck.count() if len(worst) == MOST_IN_EMAIL else len(worst)
    with transaction.atomic():
        emails.queue_stuck(worst, count, clock.today())
    return count
