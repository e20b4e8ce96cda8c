"""How many calls one Atlas credential may make in the whole portal: counted in the cache that all processes share.
Not here: what a client does with a no, see atlas/budget.py; how long a step then waits.
"""

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
        now = clock.now().timestamp()
        window = int(now // self.seconds)
        if self._count(f"atlas-calls:{self.name}:{window}") > self.calls:
            raise RateLimited(
                (window + 1) * self.seconds - now, "The portal's own limit of calls is reached."
            )

    def read_used(self) -> int | None:
        """How many calls this window has seen; None where the cache does not answer."""
        window = int(clock.now().timestamp() // self.seconds)
        try:
            return int(cache.get(f"atlas-calls:{self.name}:{window}", 0))
        except (RedisError, OSError):
            return None

    def _count(self, key: str) -> int:
        try:
            cache.add(key, 0, timeout=2 * int(self.seconds) + 1)
            return cache.incr(key)
        except (RedisError, OSError, ValueError):  # ValueError: wiped between the two
            return 0


def budget_of(kind: str, *parts: str, calls: int, seconds: float = 60.0) -> SharedBudget:
    """The budget of one credential, by what tells it from others; of those only a fingerprint is kept."""
    fingerprint = sha256("\n".join(parts).encode()).hexdigest()[:32]
    return SharedBudget(f"{kind}:{fingerprint}", calls, seconds)
