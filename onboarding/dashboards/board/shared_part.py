"""The part of the board that is the same for everybody of ops: drawn once in BOARD_SECONDS, and kept in the cache.

Whoever of ops has sent something reads a part that was drawn after it; others read the one that is kept, and one
process at a time draws the next. The cache holds no truth, and what lies there is encrypted: where it does not answer,
or holds something else or an old part, the part is drawn for this answer. It is drawn without a request: nothing of a
person is in it. A process opens a part once: the cache is asked which one it is.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import get_random_string
from django.utils.safestring import SafeString
from redis.exceptions import RedisError

from certs import clock
from certs.vault import VaultError, decrypt_from_cache, encrypt_for_cache
from onboarding.people.access import require_ops
from onboarding.people.models import User

KEY = "ops-board"
NAME = re.compile(rf"{KEY}:part:[A-Za-z0-9]{{12}}")  # under which a part lies; KEY holds it
TURN = f"{KEY}:turn"  # there while some process draws
CHANGES = f"{KEY}:changes"  # how often somebody of ops sent something
LONGEST = 30  # seconds that a part is shown while the next one is drawn
LONGEST_TURN = 10  # seconds after which somebody else draws
KNOWN_FOR = 600  # seconds that somebody's change is remembered: longer than a part is drawn and kept
UNKNOWN = (RedisError, OSError)


class _Part(NamedTuple):
    """`drawn_at`: seconds since 1970, before anything was read; `changes`: those of ops that were stored by then."""

    name: str
    drawn_at: float
    changes: int
    html: SafeString

    def is_drawn_within(self, seconds: float) -> bool:
        """Whether it is no older than that, and not of a time to come."""
        return 0 <= clock.now().timestamp() - self.drawn_at < seconds


_opened = _Part("", 0, 0, SafeString())  # the last one of this process; replaced as a whole


def read_part(user: User, draw: Callable[[], SafeString]) -> SafeString:
    """What `draw` answers, or answered lately; empty stays empty and is not kept. Raises Http404 for all but ops."""
    require_ops(user)
    if not settings.BOARD_SECONDS:
        return draw()
    try:
        own = _name_changes(user)
        found = cache.get_many([KEY, own])
        part = _open(found.get(KEY))
        if part and part.changes < _read_number(found.get(own)):
            part = None
        is_new = part is not None and part.is_drawn_within(settings.BOARD_SECONDS)
        is_ours = not is_new and (cache.add(TURN, 1, LONGEST_TURN) or part is None)
        changes = _read_number(cache.get(CHANGES)) if is_ours else 0
    except UNKNOWN:
        return draw()
    return part.html if part and not is_ours else _draw_and_keep(draw, changes)


def note_change(user: User) -> None:
    """Somebody of ops sent something, and what it changed is stored: they read the board as it is from then on."""
    if not settings.BOARD_SECONDS:
        return
    with suppress(*UNKNOWN, ValueError):  # ValueError: wiped between the two
        cache.add(CHANGES, 0, None)
        cache.set(_name_changes(user), cache.incr(CHANGES), KNOWN_FOR)


def forget_part() -> None:
    """Whoever asks next has it drawn."""
    with suppress(*UNKNOWN):
        cache.delete(KEY)


def _name_changes(user: User) -> str:
    return f"{CHANGES}:{user.pk}"


def _read_number(stored: object) -> int:
    return stored if type(stored) is int else 0


def _draw_and_keep(draw: Callable[[], SafeString], changes: int) -> SafeString:
    drawn_at, name = clock.now().timestamp(), f"{KEY}:part:{get_random_string(12)}"
    html = draw()
    with suppress(*UNKNOWN):
        if html:
            content = f"{drawn_at}:{changes}:{html}"
            cache.set(name, encrypt_for_cache(name, content.encode()), LONGEST)
            cache.set(KEY, name, LONGEST)
        cache.delete(TURN)
    return html


def _open(name: object) -> _Part | None:
    """None where nothing is kept, or nothing that was written here lately.

    The cache lets a part go by itself, but whoever writes there could put it back: its age is in what is encrypted.
    """
    global _opened
    if not isinstance(name, str) or not NAME.fullmatch(name):
        return None
    if name != _opened.name:
        try:
            drawn_at, changes, html = decrypt_from_cache(name, cache.get(name)).decode().split(":", 2)
        except (VaultError, TypeError, ValueError):
            return None
        _opened = _Part(name, float(drawn_at), int(changes), SafeString(html))
    return _opened if _opened.is_drawn_within(LONGEST) else None
