"""How many calls one Atlas credential may make in the whole portal: counted in the cache that all processes share.
Not here: what a client does with a no, see atlas/budget.py; how long a step then waits.
"""

import threading
import time
from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache
from redis.exceptions import RedisError

from atlas.errors import RateLimited
from certs import clock


@dataclass(frozen=True, slots=True)
class SharedBudget:
    """At most `calls` in each window of `seconds`; `name` says whose, and holds no secret.

    The cache holds no truth: where it is away or has been wiped, calls go out uncounted.
    """

    name: str
    calls: int
    seconds: float

    def take(self) -> None:
        """Count one call; raises RateLimited until the next window if this one's are used up."""
        granted, left = self.take_block(1)
        if not granted:
            raise RateLimited(left, "The portal's own limit of calls is reached.")

    def take_block(self, calls: int) -> tuple[int, float]:
        """Count so many calls at once; answers how many of them may go out, and for how many seconds that holds."""
        now = clock.now().timestamp()
        window = int(now // self.seconds)
        before = self._count(f"atlas-calls:{self.name}:{window}", calls) - calls
        return max(0, min(calls, self.calls - before)), (window + 1) * self.seconds - now

    def read_used(self) -> int | None:
        """How many calls this window has seen; None where the cache does not answer, or holds no number."""
        window = int(clock.now().timestamp() // self.seconds)
        try:
            used = cache.get(f"atlas-calls:{self.name}:{window}", 0)
        except (RedisError, OSError):
            return None
        return used if type(used) is int else None

    def _count(self, key: str, calls: int) -> int:
        try:
            cache.add(key, 0, timeout=2 * int(self.seconds) + 1)
            return cache.incr(key, calls)
        except (RedisError, OSError, ValueError):  # ValueError: wiped between the two
            return 0


class BlockBudget:
    """A shared budget of which this process takes many calls at once: one question to the cache, not one for each call.

    For many threads. What is not used is kept until the window is over.
    """

    def __init__(self, shared: SharedBudget) -> None:
        self.shared = shared
        self._lock = threading.Lock()
        self._left, self._until = 0, 0.0

    def reserve(self, calls: int) -> int:
        """Have so many calls ready; answers how many there are, which is fewer when the window's are used up."""
        with self._lock:
            held = self._held()
            if held < calls:
                granted, seconds = self.shared.take_block(calls - held)
                self._left, self._until = held + granted, time.monotonic() + seconds
            return min(calls, self._left)

    def take(self) -> None:
        """Use one call: one that is reserved, or one of the shared budget. Raises RateLimited as that does."""
        with self._lock:
            if self._held():
                self._left -= 1
                return
        self.shared.take()

    def _held(self) -> int:
        return self._left if time.monotonic() < self._until else 0


def budget_of(kind: str, *parts: str, calls: int, seconds: float = 60.0) -> SharedBudget:
    """The budget of one credential, by what tells it from others; of those only a fingerprint is kept."""
    fingerprint = sha256("\n".join(parts).encode()).hexdigest()[:32]
    return SharedBudget(f"{kind}:{fingerprint}", calls, seconds)
