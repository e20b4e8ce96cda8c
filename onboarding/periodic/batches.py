"""Work on many rows in batches: each is one transaction of a few statements, and none stops the others.

What is done to the rows is the caller's, who passes a function to do_in_batches.
"""

import logging
import time
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction

log = logging.getLogger(__name__)


class Done(NamedTuple):
    """How many rows of a batch were done, and which ones were left because somebody else had them locked."""

    total: int
    busy: Sequence[Any] = ()


class Work(Protocol):
    """What is done to a batch, in a transaction that is open already.

    A row that is locked by somebody else is waited for only where `wait` is true; then there is one row.
    """

    def __call__(self, rows: Sequence[Any], /, *, wait: bool) -> Done: ...


class Task(NamedTuple):
    """Rows (mostly their keys), what is done to them, and how many at a time."""

    work: Work
    rows: Sequence[Any]
    size: int


def do_in_batches(*tasks: Task, seconds: float) -> int:
    """Do one task after the other; when `seconds` are over, no further batch begins. Returns how many rows were done.

    Rows that somebody else has locked come behind their batch, each alone. Where a batch fails all of its rows do, so
    that one that cannot be done is on the log and keeps no other from being done.
    """
    until, count = time.monotonic() + seconds, 0
    for task in tasks:
        for begin in range(0, len(task.rows), task.size):
            count += _do_batch(task.work, task.rows[begin : begin + task.size])
            if time.monotonic() > until:  # the rest is for the next run
                return count
    return count


def _do_batch(work: Work, rows: Sequence[Any]) -> int:
    alone = len(rows) == 1
    try:
        with transaction.atomic():
            done = work(rows, wait=alone)
    except SoftTimeLimitExceeded:  # the worker's last word before it is ended
        raise
    except Exception:
        if alone:
            log.exception("%s of %s failed", _name(work), rows[0])
            return 0
        log.warning("%s of %s rows failed; each is tried alone", _name(work), len(rows), exc_info=True)
        done = Done(0, rows)
    return done.total + sum(_do_batch(work, [row]) for row in done.busy if not alone)


def _name(work: Any) -> str:
    return str(getattr(getattr(work, "func", work), "__name__", work))
