"""Browsers that were signed in to an account before: others' wrong guesses do not lock them out.

The cookie is no sign-in: it opens nothing. What the exemption means is said in attempt_limits.py. The idea is OWASP's
"Slow Down Online Guessing Attacks with Device Cookies".
"""

import secrets
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from onboarding.people.models import User

LIFETIME = timedelta(days=180)  # since the last sign-in
MOST = 5  # accounts that one browser is known to: a shared computer, not a list
SALT = "onboarding.people.known_browsers"


class _Known(NamedTuple):
    """One account to which this browser is known."""

    user_id: str
    name: str  # of this browser, random: its guesses are counted by it
    proof: str  # that the password is still the one of that sign-in
    second: bool = False  # whether the second factor was passed in it, too


def remember(request: HttpRequest, response: HttpResponse, user: User, *, second: bool) -> None:
    """Make the browser that gets this response a known one of this person's; `second`: it passed the second factor."""
    others = [known for known in _read(request) if known.user_id != str(user.pk)]
    known = _Known(str(user.pk), secrets.token_urlsafe(12), _proof(user), second)
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        signing.dumps([known, *others][:MOST], salt=SALT),
        max_age=LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def name_of(request: HttpRequest, account: str, *, second: bool = False) -> str:
    """How this browser is known at the account of this email address (in lower case); "" for one that is not.

    With `second` only browsers count that passed the second factor: whoever reads the account's mail makes as many
    others known as they like. A browser that is signed in is known, too. Nothing is looked up for the address that was
    typed, so the time that this takes says nothing about it.
    """
    for known in _read(request):
        if second and known.second is not True:
            continue
        user = User.objects.filter(pk=known.user_id).first()
        if user and user.email == account and constant_time_compare(known.proof, _proof(user)):
            return known.name
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated and user.email == account:
        return f"session {request.session.session_key}"
    return ""


def _read(request: HttpRequest) -> list[_Known]:
    """What the browser brought, if it is ours and not too old."""
    value = request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, "")
    try:
        return [_Known(str(UUID(user_id)), *more) for user_id, *more in _load(value)]
    except (signing.BadSignature, ValueError, TypeError):
        return []


def _load(value: str) -> list[list[Any]]:
    found: list[list[Any]] = signing.loads(value, salt=SALT, max_age=LIFETIME) if value else []
    return found


def _proof(user: User) -> str:
    """Changes with the password, and says nothing about it."""
    return salted_hmac(SALT, user.password, algorithm="sha256").hexdigest()[:32]
