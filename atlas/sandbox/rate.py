"""A limit on calls per second for each API key. GlobalSign publishes no number, so there is none unless asked for."""

from __future__ import annotations

import threading
import time
from collections import deque

from atlas.sandbox.problems import Refusal


class RateLimit:
    """So many calls in any one second; None lets everything pass. No `Retry-After`: none is documented."""

    def __init__(self, per_second: int | None) -> None:
        self._most = per_second
        self._seen: dict[str, deque[float]] = {}
        self._gate = threading.Lock()

    def take(self, caller: str) -> None:
        """Count one call. Raises Refusal 429."""
        if self._most is None:
            return
        with self._gate:
            now, seen = time.monotonic(), self._seen.setdefault(caller, deque())
            while seen and seen[0] <= now - 1:
                seen.popleft()
            if len(seen) >= self._most:
                raise Refusal(429, "Rate Limit Reached")
            seen.append(now)
