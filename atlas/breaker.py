"""Stops calling an Atlas that is down: after some failures in a row nobody calls it for a while, then one does.
Not here: what counts as a failure; the transport says so. One breaker serves all threads of a process.
"""

import threading
import time
from collections.abc import Callable

from atlas.errors import CircuitOpen

THRESHOLD = 5  # failed calls in a row
PAUSE = 30.0  # seconds before the first probe; doubled after each one that fails
LONGEST_PAUSE = 300.0


class Breaker:
    """Closed while calls succeed, open after `threshold` failures in a row, half open for one probe.

    `pause` and `longest` are in seconds; `clock` gives seconds that only grow. Safe for many threads.
    """

    def __init__(
        self,
        threshold: int = THRESHOLD,
        pause: float = PAUSE,
        longest: float = LONGEST_PAUSE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._threshold = threshold
        self._pause = self._first_pause = pause
        self._longest = longest
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_until_probe = 0.0

    @property
    def is_open(self) -> bool:
        """Whether calls are held back; also while a probe is under way."""
        return self._failures >= self._threshold

    def before_call(self) -> None:
        """Let a call through, or raise CircuitOpen. Once the pause is over the first caller is the probe."""
        if not self.is_open:
            return
        with self._lock:
            left = self._closed_until_probe - self._clock()
            if left > 0:
                raise CircuitOpen(left)
            # The others wait another pause: should the probe never come back, one of them is the next.
            self._closed_until_probe = self._clock() + self._pause

    def record_success(self) -> None:
        """An answer came: everything is forgiven."""
        if self._failures:
            with self._lock:
                self._failures, self._pause = 0, self._first_pause

    def record_failure(self) -> None:
        """No answer, or one that says that Atlas is broken."""
        with self._lock:
            self._failures += 1
            if self._failures > self._threshold:  # a probe failed
                self._pause = min(self._pause * 2, self._longest)
            if self.is_open:
                self._closed_until_probe = self._clock() + self._pause
