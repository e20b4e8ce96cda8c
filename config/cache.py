"""The cache in Redis, as JSON: whoever can write there must not be able to run code here.

Django's own Redis cache unpickles what it reads. What the portal caches are whole numbers, lists of times and marks,
and the ops board, which is encrypted.
"""

import json
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import ResponseError


class JsonSerializer:
    """Values as JSON; whole numbers as bare digits, so that Redis itself can count with them."""

    def dumps(self, value: Any) -> int | bytes:
        """Raises TypeError for what is not plain JSON."""
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, data: bytes | str) -> Any:
        """Raises ValueError for anything that `dumps` did not write, such as a pickle or deep nesting."""
        try:
            return json.loads(data)
        except RecursionError:
            raise ValueError("nested too deeply") from None


def _is_no_history(key: str, value: Any) -> bool:
    """Whether allauth's limits would stumble over this: they take what they find for a list of times (seconds)."""
    if "allauth:rl:" not in key or key.endswith(":lock"):
        return False
    soon = time.time() + 60
    times: list[Any] = value if isinstance(value, list) else [None]
    return not all(type(each) in (int, float) and 0 <= each <= soon for each in times)


class JsonRedisCacheClient(RedisCacheClient):
    """What cannot be read is not there: it came from a stranger, or from a version that wrote otherwise."""

    def get(self, key: Any, default: Any) -> Any:
        """The value, or `default` for a miss."""
        try:
            value = super().get(key, default)
        except (ValueError, ResponseError):  # ResponseError: a list, a set or the like has this key
            return default
        return default if _is_no_history(str(key), value) else value

    def get_many(self, keys: Iterable[Any]) -> dict[Any, Any]:
        """Those of the values that are there and can be read, in one question."""
        found, reader, names = {}, JsonSerializer(), list(keys)
        for key, stored in zip(names, self.get_client(None).mget(names), strict=True):
            with suppress(ValueError):
                if stored is not None and not _is_no_history(str(key), value := reader.loads(stored)):
                    found[key] = value
        return found


class JsonRedisCache(RedisCache):
    """Settings name this class as the BACKEND; LOCATION is the address of Redis."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {**params.get("OPTIONS", {}), "serializer": JsonSerializer}
        super().__init__(server, {**params, "OPTIONS": options})
        self._class = JsonRedisCacheClient
