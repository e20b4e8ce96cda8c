"""The part of the board that is the same for everybody of ops: drawn once in BOARD_SECONDS, and kept in the cache.

Whoever of ops has sent something reads a part that was drawn after it; others read the one that is kept, and one
process at a time draws the next. The cache holds no truth, and what lies there is encrypted: where it does not answer,
or holds something else, the part is drawn for this answer. It is drawn without a request: nothing of a person is in it.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.utils.safestring import SafeString
from redis.exceptions import RedisError

from certs import clock
from certs.vault import VaultError, decrypt_from_cache, encrypt_for_cache
from onboarding.people.access import require_ops
from onboarding.people.models import User

KEY = "ops-board"
TURN = f"{KEY}:turn"  # there while some process draws
CHANGES = f"{KEY}:changes"  # how often somebody of ops sent something
LONGEST = 30  # seconds that a part is shown while the next one is drawn
LONGEST_TURN = 10  # seconds after which somebody else draws
KNOWN_FOR = 600  # seconds that somebody's change is remembered: longer than a part is drawn and kept
UNKNOWN = (RedisError, OSError)


class _Part(NamedTuple):
    """`drawn_at`: seconds since 1970, before anything was read; `changes`: those of ops that were stored by then."""

    drawn_at: float
    changes: int
    html: SafeString


def read_part(user: User, draw: Callable[[], SafeString]) -> SafeString:
    """What `draw` answers, or answered lately; empty stays empty and is not kept. Raises Http404 for all but ops."""
    require_ops(user)
    if not settings.BOARD_SECONDS:
        return draw()
    try:
        part = _read_kept()
        if part and part.changes < _read_number(_name_changes(user)):
            part = None
        is_new = part is not None and clock.now().timestamp() - part.drawn_at < settings.BOARD_SECONDS
        is_ours = not is_new and (cache.add(TURN, 1, LONGEST_TURN) or part is None)
        changes = _read_number(CHANGES) if is_ours else 0
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


def _read_number(key: str) -> int:
    found = cache.get(key, 0)
    return found if type(found) is int else 0


def _draw_and_keep(draw: Callable[[], SafeString], changes: int) -> SafeString:
    drawn_at = clock.now().timestamp()
    html = draw()
    with suppress(*UNKNOWN):
        if html:
            content = f"{drawn_at}:{changes}:{html}"
            cache.set(KEY, encrypt_for_cache(KEY, content.encode()), LONGEST)
        cache.delete(TURN)
    return html


def _read_kept() -> _Part | None:
    """None where nothing is kept, or nothing that was written here."""
    with suppress(VaultError, TypeError, ValueError):
        drawn_at, changes, html = decrypt_from_cache(KEY, cache.get(KEY)).decode().split(":", 2)
        return _Part(float(drawn_at), int(changes), SafeString(html))
    return None
