"""Everything that is stored anywhere, as text, to look for what must not be there.

What is looked for is planted by the tests.
"""

import base64
import json
from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from redis import Redis

CIPHERTEXT = {"certs_secret": ("ciphertext", "wrapped_key")}


def _tables() -> list[str]:
    return [name for name in connection.introspection.table_names() if name != "django_migrations"]


def rows() -> Iterator[tuple[str, str]]:
    """(table, row as text): every column of every table, bytes as hexadecimal; sealed secrets left out."""
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f'SELECT * FROM "{table}"')
            left_out = CIPHERTEXT.get(table, ())
            kept = [place for place, (name, *_) in enumerate(cursor.description) if name not in left_out]
            for row in cursor.fetchall():
                yield table, "\n".join(_write(row[place]) for place in kept)


def _write(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value if isinstance(value, str) else json.dumps(value, default=str)


def sessions() -> Iterator[tuple[str, str]]:
    """(place, a session's content): it is packed in its table."""
    for session in Session.objects.all():
        yield "a session", json.dumps(session.get_decoded(), default=str)


def broker() -> Iterator[tuple[str, str]]:
    """(place, what Redis holds under each key): Celery's queues, Django's cache, counters of attempts."""
    redis: Redis = Redis.from_url(settings.PORTAL.redis_url)
    read: dict[bytes, Callable[[bytes], object]] = {
        b"string": redis.get,
        b"hash": redis.hgetall,
        b"set": redis.smembers,
        b"list": lambda key: redis.lrange(key, 0, -1),
        b"zset": lambda key: redis.zrange(key, 0, -1, withscores=True),
    }
    for key in redis.scan_iter():
        kind = redis.type(key)
        yield f"redis {key!r}", repr(read[kind](key)) if kind != b"none" else ""  # none: gone meanwhile


def shapes(secret: str | bytes) -> set[str]:
    """A secret as it may lie about: plain, hexadecimal, base64."""
    raw = secret.encode() if isinstance(secret, str) else secret
    found = {raw.hex(), *(base64.b64encode(raw[cut:])[4:-4].decode() for cut in range(3))}
    return found | ({secret} if isinstance(secret, str) else set())


def places_of(*secrets: str | bytes, more: Iterable[tuple[str, str]] = ()) -> list[str]:
    """Where any of the secrets is stored in any shape (upper or lower case)."""
    wanted = {shape.lower() for secret in secrets for shape in shapes(secret)}
    assert all(len(shape) >= 12 for shape in wanted)
    return sorted(
        {
            place
            for place, text in (*rows(), *sessions(), *broker(), *more)
            if any(shape in text.lower() for shape in wanted)
        }
    )
