"""A period of time as parts of a greatest length, in unix seconds.
Not here: what is asked for in them.
"""

import math
from datetime import datetime, timedelta
from itertools import pairwise


def windows(start: datetime, end: datetime, longest: timedelta) -> tuple[tuple[int, int], ...]:
    """(from, to) pairs that cover the period without a gap; neighbours share one second.

    Raises ValueError for a time without a zone and for a period that ends before it starts.
    """
    if start.tzinfo is None or end.tzinfo is None:
        raise ValueError("A time needs its zone, best UTC.")
    first, last, step = (
        math.floor(start.timestamp()),
        math.ceil(end.timestamp()),
        int(longest.total_seconds()),
    )
    if first > last:
        raise ValueError("A period ends after it starts.")
    edges = [*range(first, last, step), last]
    return tuple(pairwise(edges)) or ((first, last),)
