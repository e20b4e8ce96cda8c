"""What time it is: the one function that the rooms ask, and the one that tests move.

Nothing here sleeps, schedules or measures how long something takes (that is time.monotonic's).
"""

import os
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connections
from django.utils import timezone

ASK_EVERY = 5.0  # seconds; an answer is good for so long, and so is the news that nobody answered
STEP = timedelta(
    milliseconds=250
)  # a new answer that is behind by less is a slower line, not a clock set back


class _Answer(NamedTuple):
    """What the database said, and when by this machine's monotonic clock; `at` is None where nobody answered."""

    at: datetime | None
    asked: float


_answer = _Answer(None, float("-inf"))  # replaced as a whole: threads share it without a lock
_inherited: Any = None  # a connection of the process that forked this one: its line is not ours to speak on


def now() -> datetime:
    """The present moment, in UTC.

    On PostgreSQL it is the database's clock, the same for every process of an installation: asked at most every
    ASK_EVERY seconds per process, and carried on with time.monotonic(), so that a wrong wall clock does not matter.
    Right to a quarter of a second; never behind an earlier answer in this process, unless the database's clock was set
    back. On SQLite, where no database answers, and before one has, it is this machine's clock.

    Raises nothing. Asks nothing in a transaction that has failed, and begins none, but for the first question of a
    process when it falls into an atomic block. Safe in threads and after a fork.
    """
    return _read()


def today() -> date:
    """The present day where the people are (TIME_ZONE)."""
    return now().astimezone(timezone.get_default_timezone()).date()


def _of_the_database() -> datetime:
    global _answer
    if time.monotonic() - _answer.asked >= ASK_EVERY and not (_answer.at and _has_no_line()):
        _answer = _asked_again(_answer)
    answer = _answer
    return datetime.now(UTC) if answer.at is None else _carried_on(answer.at, answer.asked)


def _has_no_line() -> bool:
    """Whether this thread has no connection: it opens none for the time, and leaves the question to one that has."""
    return connections["default"].connection is None


_read: Callable[[], datetime] = _of_the_database  # tests/time_travel.py puts another one here


def _carried_on(at: datetime, asked: float) -> datetime:
    return at + timedelta(seconds=time.monotonic() - asked)


def _asked_again(last: _Answer) -> _Answer:
    """A new answer. Where none is to be had, the last one is carried on, and not asked for again at once."""
    try:
        at = _ask(first=last.at is None)
    except Exception:  # noqa: BLE001  whatever keeps the database from answering, the time is still asked for
        at = None
    asked = time.monotonic()
    if last.at is not None:
        known = last.at + timedelta(seconds=asked - last.asked)
        at = known if at is None or timedelta(0) < known - at < STEP else at
    return _Answer(at, asked)


def _ask(first: bool) -> datetime | None:
    """The database's clock over this thread's connection; None if there is none, or now is not the moment to ask."""
    wrapper = connections["default"]
    if wrapper.vendor != "postgresql":
        return None
    # Here: on SQLite, and for the doctor alone, nobody loads the driver.
    from psycopg.pq import TransactionStatus

    wrapper.ensure_connection()
    line = wrapper.connection
    if line is _inherited:
        return None
    status = line.info.transaction_status
    calm = status == TransactionStatus.INTRANS or (
        # In an atomic block that has said nothing yet a question would begin the transaction.
        status == TransactionStatus.IDLE and (line.autocommit or first)
    )
    # Beneath Django's cursor: no question of ours counts as one of the page's.
    return line.execute("SELECT clock_timestamp()").fetchone()[0].astimezone(UTC) if calm else None


def _forked() -> None:
    global _inherited
    try:
        _inherited = connections["default"].connection
    except Exception:  # noqa: BLE001  no settings, no connection
        _inherited = None


os.register_at_fork(after_in_child=_forked)
