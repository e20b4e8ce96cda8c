"""Time travel: `with travel(moment):` moves the portal's clock (certs/clock.py), the one thing that tests pretend.

Sessions, tokens and codes of libraries live by the machine's clock: `machine=True` moves that one too.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta

import time_machine

from certs import clock


class TravelClock:
    """Where somebody has travelled to; `shift` goes further."""

    def __init__(self, there: datetime, tick: bool) -> None:
        self.there, self.tick, self.began = there, tick, time.monotonic()
        self.machine: time_machine.Traveller | None = None

    def now(self) -> datetime:
        return self.there + timedelta(seconds=time.monotonic() - self.began) * self.tick

    def shift(self, seconds: float) -> None:
        """On by so many seconds."""
        self.there += timedelta(seconds=seconds)
        if self.machine:
            self.machine.shift(seconds)


@contextmanager
def travel(moment: datetime | float, *, tick: bool = True, machine: bool = False) -> Iterator[TravelClock]:
    """It is `moment` (UTC, or seconds since 1970), and goes on from there unless `tick` is False. Also a decorator."""
    there = moment if isinstance(moment, datetime) else datetime.fromtimestamp(moment, UTC)
    journey, before = TravelClock(there, tick), clock._read
    with ExitStack() as moved:
        if machine:
            journey.machine = moved.enter_context(time_machine.travel(there, tick=tick))
        moved.callback(setattr, clock, "_read", before)
        clock._read = journey.now
        yield journey
