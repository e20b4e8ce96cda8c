"""What a worker sends when a step's time has come: to its person at the usual time, to all admins at the latest.

Each of these emails goes once for each stay of a step in its state: the record's `next_reminder_at` and the key of the
email see to it. Whom they reach and what they say is in emails.py; the button “Remind” is in journey/reminders.py.
"""

import logging
import time
from datetime import datetime

from django.db import transaction

from certs import clock
from onboarding.journey import emails
from onboarding.journey.models import StepRecord
from onboarding.journey.steps import State

log = logging.getLogger(__name__)
BATCH = 500
SECONDS = 60  # the last row that begins in it ends a little later; the rest is for the next run
MOST_IN_EMAIL = 20


def remind_of_due_steps() -> int:
    """Queue what is due, earliest first, each step in a transaction of its own. Returns how many emails' occasions.

    With nothing due it is one question to an index. A run that is killed, or out of time, leaves the rest to the next.
    A step that fails is on the log and stops no other.
    """
    now, until, reminded = clock.now(), time.monotonic() + SECONDS, 0
    after: tuple[datetime, int] | None = None
    while True:
        due = StepRecord.objects.due_for_reminder(now, after).select_related(
            "onboarding__company", "assignee"
        )
        rows = list(due[:BATCH])
        for record in rows:
            if time.monotonic() > until:
                return reminded
            try:
                reminded += _remind(record, now)
            except Exception:
                log.exception("reminding of step %s failed", record.pk)
        if len(rows) < BATCH or rows[-1].next_reminder_at is None:
            return reminded
        after = (rows[-1].next_reminder_at, rows[-1].pk)


def _remind(record: StepRecord, now: datetime) -> int:
    """Everything that is due of this step; 0 where it moved or came to rest since it was read, or another was first."""
    seen = record.next_reminder_at
    is_first = record.state != State.WAITING and seen is not None and seen == record.usual_at
    following = record.due_at if is_first else None
    is_last = following is None or following <= now
    with transaction.atomic():
        unmoved = StepRecord.objects.filter(
            pk=record.pk,
            version=record.version,
            next_reminder_at=seen,
            onboarding__deadlines_paused_at=None,
        )
        if not unmoved.update(next_reminder_at=None if is_last else following):
            return 0
        if not record.onboarding.is_active or record.due_at is None:  # nothing comes of it any more
            return 0
        if is_first:
            emails.queue_usual_time(record)
        if is_last and record.state == State.WAITING:
            emails.queue_late(record)
        elif is_last:
            emails.queue_latest_time(record)
    return 1


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
