"""What the workers know of the account API, told to all processes by the cache: since when nobody calls it, and how
many calls this minute has seen.

The cache holds no truth: where it is away, nothing is known, and the breakers go on by themselves.
"""

from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from atlas.breaker import Breaker
from certs import clock
from certs.budget import budget_of
from certs.cached_values import parse_moment

UNKNOWN = (RedisError, OSError)


class ToldBreaker(Breaker):
    """A breaker whose opening and closing the other processes can read."""

    def __init__(self, url: str, *, pause: float, longest: float) -> None:
        super().__init__(pause=pause, longest=longest)
        self._key = _name_key(url)
        self._kept = int(3 * longest) + 60  # seconds: a worker that dies cannot say that Atlas answers again

    def record_failure(self) -> None:
        """Tell it when this failure is the one after which nobody calls; and again for each probe that fails."""
        super().record_failure()
        if self.is_open:
            _try_cache(cache.add, self._key, clock.now().isoformat(), timeout=self._kept)
            _try_cache(cache.touch, self._key, timeout=self._kept)

    def record_success(self) -> None:
        """Tell that calls go out again."""
        if self.is_open:
            _try_cache(cache.delete, self._key)
        super().record_success()


def _name_key(url: str) -> str:
    return f"atlas-circuit:{sha256(url.encode()).hexdigest()[:32]}"


def _try_cache(ask: Any, *args: Any, **kwargs: Any) -> Any:
    try:
        return ask(*args, **kwargs)
    except UNKNOWN:
        return None


def read_open_circuit() -> datetime | None:
    """Since when (UTC) some worker leaves the account API alone; None where none does, or nobody knows."""
    since = _try_cache(cache.get, _name_key(settings.PORTAL.account_api_url or ""))
    try:
        return parse_moment(since)
    except ValueError:
        return None


class Calls(NamedTuple):
    """Calls of the account API: how many went out in this window, how many may."""

    used: int | None
    most: int


def read_calls() -> Calls:
    """Those of this minute; `used` is None where nobody knows."""
    portal = settings.PORTAL
    token = portal.account_api_token.get_secret_value() if portal.account_api_token else ""
    budget = budget_of(
        "account", portal.account_api_url or "", token, calls=portal.account_api_calls_per_minute
    )
    return Calls(budget.read_used(), budget.calls)
