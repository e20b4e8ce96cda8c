"""Rows that sleep until a time: which of them are due, also after a clock that ran ahead.

Nothing here claims a row or says how long one sleeps.
"""

from datetime import datetime, timedelta

from django.db.models import Q

SLACK = timedelta(minutes=1)  # between two processes' opinions of the time, and for rounding


def due(column: str, now: datetime, furthest: timedelta) -> Q:
    """Rows whose time in `column` has come, or lies further ahead than anybody honest would have put it.

    `furthest` is the longest time for which such a row is ever sent to sleep. A time beyond it was written by a clock
    that ran ahead; without this the row would sleep for as long as the clock was wrong. Two ranges of one index.
    """
    return Q(**{f"{column}__lte": now}) | Q(**{f"{column}__gt": now + furthest + SLACK})
