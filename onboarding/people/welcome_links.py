"""The link in the welcome email: a new Primary Certificate Admin sets the first password with it, and is signed in.

It is a link as in reset_links.py that lives longer and is good for one thing: it works until the person has come to the
portal by whatever way. Opening it changes nothing; setting the password uses it up. Its page is in welcome_views.py.
"""

from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from certs import clock
from onboarding.people import one_time_links
from onboarding.people.models import User
from onboarding.people.reset_links import ResetTokenGenerator, SeenLink

DAYS = 14  # as an invitation
FIRST_SECOND = datetime(2001, 1, 1, tzinfo=UTC)  # from when Django counts a token's seconds


class LinkState(Enum):
    """What a link is good for now."""

    WORKS = "works"
    USED = "used"
    ENDED = "ended"  # nobody used it in time
    DEAD = "dead"  # never ours, or something has taken its place


class WelcomeTokenGenerator(ResetTokenGenerator):
    """Tokens that are no good in a link to a new password, nor those in a welcome email."""

    key_salt = "onboarding.people.welcome_links"


_tokens = WelcomeTokenGenerator()


def is_newcomer(user: User) -> bool:
    """Whether this person has never had a way to sign in: no password, and no sign-in by the organisation's page."""
    return user.is_active and not user.has_usable_password() and user.last_login is None


def make_welcome_link(user: User) -> str:
    """A new address at which this person sets the first password, absolute. It is a key: into an email only."""
    names = {"uidb36": user.pk.hex, "key": _tokens.make_token(user)}
    return f"{settings.PORTAL.base_url}{reverse('own:open-welcome-link', kwargs=names)}"


def describe_link(seen: SeenLink | None) -> tuple[LinkState, User | None]:
    """What it is good for, and for whom if it still works."""
    if seen is None:
        return LinkState.DEAD, None
    if one_time_links.find_opened(seen.key):
        return LinkState.USED, None
    user = _find_user(User.objects.all(), seen)
    if user is None:
        return LinkState.DEAD, None
    return (LinkState.ENDED, None) if find_end(seen) <= clock.now() else (LinkState.WORKS, user)


def find_end(seen: SeenLink) -> datetime:
    """Until when a link works that nobody uses (aware)."""
    return FIRST_SECOND + timedelta(seconds=seen.made, days=DAYS)


def set_first_password(seen: SeenLink, *, name: str, password: str) -> User | None:
    """Use the link up: name and password are set, both or neither. None if it does not work (any more)."""
    with transaction.atomic():
        user = _find_user(User.objects.select_for_update(), seen)
        if user is None or find_end(seen) <= clock.now():
            return None
        opened = one_time_links.open_link(seen.key, user=user)
        if opened is None:
            return None
        one_time_links.close_links(user=user)
        user.name = name
        user.set_password(password)
        user.save(update_fields=["name", "password"])
    return user


def _find_user(users: Any, seen: SeenLink) -> User | None:
    """Whose link it is. The token knows the address: after a correction the older one is nobody's."""
    user: User | None = users.filter(pk=seen.user).first()
    if user is None or not is_newcomer(user):
        return None
    token = _tokens.make_again(user, seen.made)
    return user if constant_time_compare(one_time_links.hash_token(token), seen.key) else None
