"""When a step is polled next.

Due times live in the database; nothing here sleeps or schedules.
"""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q
from django.db.models.functions import Least

from certs import clock
from certs.rows import update_rows
from onboarding.journey.models import StepRecord
from onboarding.journey.outcomes import NotYet
from onboarding.journey.polling.intervals import (
    ASK_AGAIN,
    FIRST_POLL,
    JITTER,
    LEASE,
    LONGEST_ASKED,
    LONGEST_PAUSE,
    scale_interval,
)
from onboarding.journey.steps import State, Wait

ENDED: dict[str, Any] = {"poll_queued": False, "unfinished_polls": 0}  # of a row whose poll is over


def is_polled(wait: Wait | None) -> bool:
    """Whether a worker can poll for this wait here."""
    return wait is not None and (settings.PORTAL.account_api or not wait.needs_account_api)


def compute_first_poll(record: StepRecord, now: datetime) -> datetime | None:
    """When a worker first polls for a record that has just come into its state; None if none does."""
    if record.state == State.WAITING and record.wait:
        return now if is_polled(record.wait) else None
    watched = record.state == State.OPEN and record.definition.watch and settings.PORTAL.account_api
    return now + scale_interval(FIRST_POLL) if watched else None


def compute_next_poll(record: StepRecord, now: datetime, asked: timedelta | None) -> datetime:
    """Back off by half after each poll, up to a quarter of an hour, with jitter; `asked` (Retry-After) is a floor.

    Never further ahead than longest_interval() of intervals.py.
    """
    jitter = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  jitter, not cryptography
    pause = scale_interval(_pause_after(record.poll_count) * jitter)
    return now + max(pause, min(asked or timedelta(0), LONGEST_ASKED))


def _pause_after(polls: int) -> timedelta:
    """The pause at speed 1 after so many polls, and one more."""
    return min(FIRST_POLL * (1.5 ** min(polls, 20)), LONGEST_PAUSE)


def is_held_back(record: StepRecord) -> bool:
    """Whether Atlas asked not to be asked again before the next poll (Retry-After)."""
    if record.polled_at is None or record.next_check_at is None or not record.poll_count:
        return False
    longest = scale_interval(_pause_after(record.poll_count - 1) * (1 + JITTER))
    return record.next_check_at - record.polled_at > longest


def begin_poll(pk: int) -> bool:
    """The poll of a claimed row begins: it has LEASE for it, and counts as unfinished until postpone() or a move.

    False if another task began it, or it moved meanwhile: a row that was queued twice is polled once.
    """
    queued = StepRecord.objects.filter(pk=pk, poll_queued=True)
    begun = {"poll_queued": False, "unfinished_polls": F("unfinished_polls") + 1}
    return bool(queued.update(next_check_at=clock.now() + LEASE, **begun))


def bring_forward(read: StepRecord) -> bool:
    """Make the next poll due now, for a person who asks. True when it was ahead.

    Once in ASK_AGAIN for each step, whoever asks; never while a poll is queued or under way, nor when Atlas asked for
    a pause.
    """
    if is_held_back(read):
        return False
    now = clock.now()
    rested = Q(polled_at__isnull=True) | Q(polled_at__lte=now - ASK_AGAIN)
    idle = StepRecord.objects.filter(rested, next_check_at__gt=now, poll_queued=False, unfinished_polls=0)
    asked = idle.filter(pk=read.pk, version=read.version)
    # Where Atlas lists what has changed, only an early poll asks it whatever the list says (changes.py).
    return bool(asked.update(next_check_at=now, poll_count=Least(F("poll_count"), 12)))


def postpone(read: StepRecord, outcome: NotYet) -> None:
    """Nothing new: only the next poll is set, if the step stands as it was read."""
    postpone_all([(read, outcome)])


def postpone_all(polled: Iterable[tuple[StepRecord, NotYet]]) -> None:
    """Nothing new for any of these: their next polls are set, of each only if the step stands as it was read."""
    now, read = clock.now(), []
    for record, outcome in polled:
        record.next_check_at = compute_next_poll(record, now, outcome.poll_again_in)
        record.last_poll_result = outcome.because[:300]
        record.poll_count += 1
        read.append(record)
    own = ("next_check_at", "poll_count", "last_poll_result")
    update_rows(read, own, still=("version",), polled_at=now, **ENDED)


def give_back(claimed: Iterable[StepRecord]) -> None:
    """Their polls did not begin: they are due again at once, as if they had not been claimed."""
    update_rows(list(claimed), (), still=("version",), next_check_at=clock.now(), **ENDED)
