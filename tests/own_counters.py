"""Each test counts attempts from nothing: sign-ins, links that were asked for, files that were checked.

allauth counts them in the cache for each address and minute, all tests come from one address, and no test's end undoes
what is in the cache. Loaded by tests/conftest.py.
"""

from functools import cache

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from redis import Redis

COUNTERS = "*allauth:rl:*"
ASKS_DATABASE = {"db", "transactional_db", "django_db_blocker"}


@pytest.fixture(autouse=True)
def own_counters(request: pytest.FixtureRequest) -> None:
    """Whoever asks no database signs in nobody."""
    if request.node.get_closest_marker("django_db") or ASKS_DATABASE & set(request.fixturenames):
        forget_counters()


def forget_counters() -> None:
    """Forget what this process has counted; what else is in its cache stays."""
    if not isinstance(caches["default"], RedisCache):
        caches["default"].clear()
        return
    line = _connect(settings.PORTAL.redis_url)
    if found := list(line.scan_iter(COUNTERS, count=1000)):
        line.delete(*found)


@cache
def _connect(url: str) -> Redis:
    return Redis.from_url(url)
