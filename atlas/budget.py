"""How many calls one credential may make: a budget is asked before every call and says no with RateLimited.
Not here: a budget that several processes share; the portal keeps one in its cache.

GlobalSign publishes no limit (429 exists). The default is what a polite client needs and no more.
"""

import threading
import time
from collections.abc import Callable
from typing import Protocol

from atlas.errors import RateLimited

CALLS = 600
SECONDS = 60.0
_MOST_NAMES = 1000


class Budget(Protocol):
    """Asked before each call that goes out, repeated ones included."""

    def take(self) -> None:
        """Count one call; raises RateLimited with the seconds to wait if there is none left. Nothing is sent then."""


class UnlimitedBudget:
    """No limit: for measurements, and for a local Atlas."""

    def take(self) -> None:
        """Always."""


class CallBudget:
    """At most `calls` at once and, in the long run, `calls` in `seconds` (a token bucket). For many threads."""

    def __init__(
        self, calls: int = CALLS, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = float(calls)
        self._rate = calls / seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._left = self._most
        self._at = clock()

    def take(self) -> None:
        """One call; raises RateLimited until there is one again."""
        with self._lock:
            now = self._clock()
            self._left = min(self._most, self._left + (now - self._at) * self._rate)
            self._at = now
            if self._left < 1:
                raise RateLimited(
                    (1 - self._left) / self._rate, "The portal's own limit of calls is reached."
                )
            self._left -= 1


_budgets: dict[str, CallBudget] = {}
_budgets_lock = threading.Lock()


def process_budget(name: str) -> CallBudget:
    """The budget of this name: the same one for every client in this process. `name` holds no secret."""
    with _budgets_lock:
        found = _budgets.pop(name, None) or CallBudget()
        _budgets[name] = found  # now the youngest
        if len(_budgets) > _MOST_NAMES:
            del _budgets[next(iter(_budgets))]
        return found
