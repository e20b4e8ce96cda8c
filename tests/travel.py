"""Time travel: `with travel(moment):` moves the portal's clock (certs/clock.py), the one thing that tests pretend.

Sessions, tokens and codes of libraries live by the machine's clock: `machine=True` moves that one too.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta

import time_machine

from certs import clock


@contextmanager
def travel(moment: datetime | float, *, tick: bool = True, machine: bool = False) -> Iterator[None]:
    """It is `moment` (UTC, or seconds since 1970), and goes on from there unless `tick` is False. Also a decorator."""
    there = moment if isinstance(moment, datetime) else datetime.fromtimestamp(moment, UTC)
    began, before = time.monotonic(), clock._read
    with ExitStack() as moved:
        if machine:
            moved.enter_context(time_machine.travel(there, tick=tick))
        moved.callback(setattr, clock, "_read", before)
        clock._read = lambda: there + timedelta(seconds=time.monotonic() - began) * tick
        yield
