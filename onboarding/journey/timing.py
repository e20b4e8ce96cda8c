"""When a wait is late and when to look next.

Due times live in the database; nothing here sleeps or schedules.
"""

import random
from datetime import datetime, timedelta

from django.conf import settings

from certs import clock
from onboarding.journey.models import StepRecord
from onboarding.journey.outcomes import NotYet
from onboarding.journey.steps import State, Wait

FIRST_LOOK = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)
LEASE = timedelta(minutes=3)  # longer than a task's hard time limit: a claimed row is looked at by one worker


def hurried(pause: timedelta) -> timedelta:
    """A look-again interval at the installation's poll speed, never under half a second."""
    return max(pause / settings.PORTAL.poll_speed, timedelta(seconds=0.5))


def is_polled(wait: Wait | None) -> bool:
    """Whether a worker can look after this wait here."""
    return wait is not None and (settings.PORTAL.account_api or not wait.needs_account_api)


def for_state(record: StepRecord, now: datetime) -> tuple[datetime | None, datetime | None]:
    """(due_at, next_check_at) for a record that has just come into its state."""
    if record.state == State.WAITING and record.wait:
        return now + record.wait.limit, now if is_polled(record.wait) else None
    watched = record.state == State.OPEN and record.row.watch and settings.PORTAL.account_api
    return None, now + hurried(FIRST_LOOK) if watched else None


def next_look(record: StepRecord, now: datetime, asked: timedelta | None) -> datetime:
    """Back off by half after each look, up to a quarter of an hour, with jitter; `asked` (Retry-After) is a floor."""
    pause = min(FIRST_LOOK * (1.5 ** min(record.looks, 20)), LONGEST_PAUSE)
    pause = hurried(pause * random.uniform(0.8, 1.2))  # noqa: S311  jitter, not cryptography
    return now + max(pause, asked or timedelta(0))


def postpone(read: StepRecord, outcome: NotYet) -> None:
    """Nothing new: only the next look is set, if the step stands as it was read."""
    now = clock.now()
    StepRecord.objects.filter(pk=read.pk, version=read.version).update(
        next_check_at=next_look(read, now, outcome.look_again_in),
        looked_at=now,
        looks=read.looks + 1,
        last_look=outcome.because[:300],
    )
