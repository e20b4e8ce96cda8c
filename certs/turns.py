"""How long one task of a worker goes on while there is more to do, and when another one follows it.

Nothing here says what is done; times are the database's (clock.py) where they go from one process to another.
"""

import time
from datetime import datetime, timedelta
from typing import Any

from certs import clock

SECONDS = 5.0  # nothing new is begun later in a turn: other tasks get theirs
CHAIN = timedelta(minutes=2)


class Turn:
    """One task's turn. `first` (ISO 8601) is when the first turn of its chain began; None: this is the first."""

    def __init__(self, first: str | None = None) -> None:
        self.first = first or clock.now().isoformat()
        self._end = time.monotonic() + SECONDS
        self._is_cut = False

    def is_over(self) -> bool:
        """Whether it is time to end, though there is more to do: then another turn is wanted."""
        self._is_cut = self._is_cut or time.monotonic() >= self._end
        return self._is_cut

    def follow(self, task: Any) -> None:
        """If this turn was cut short, ask for another, for CHAIN after the first.

        Beat begins a chain each time it asks. So there are never more turns on their way than beat asks for in that
        time, whatever there is to do, and other tasks in the queue do not wait for long.
        """
        if self._is_cut and abs(clock.now() - datetime.fromisoformat(self.first)) < CHAIN:
            task.delay(self.first)
