"""The link with which somebody chooses a new password: made, recognised, used once, asked for again.

The pages are in reset_views.py. The token is Django's, with one thing more in it: how many links were used before. So
using one link ends every other, and a token that lies in a log afterwards opens nothing.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import base36_to_int

from certs import clock
from onboarding.people import one_time_links
from onboarding.people.models import OpenedLink, User


class ResetTokenGenerator(PasswordResetTokenGenerator):
    """Django's token (account, password, last sign-in, address, time), and how many links were used.

    Not a child of allauth's own: allauth makes one of these while that is still being imported.
    """

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        used = OpenedLink.objects.filter(user=user).count()
        return f"{super()._make_hash_value(user, timestamp)}|{used}"

    def _now(self) -> datetime:
        return clock.now().replace(tzinfo=None)  # Django counts without a time zone

    def make_again(self, user: User, made: int) -> str:
        """The token that was made for this user in this second, if nothing has changed since."""
        return str(self._make_token_with_timestamp(user, made, self.secret))


_tokens = ResetTokenGenerator()


@dataclass(frozen=True)
class SeenLink:
    """What a session keeps of a link that was opened: enough to make its token again, and not the token."""

    user: str
    made: int
    key: str

    def as_session(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def make_reset_link(user: User) -> str:
    """A new address at which this user chooses a password, absolute. It is a key: put it into an email only."""
    names = {"uidb36": user.pk.hex, "key": _tokens.make_token(user)}
    return f"{settings.PORTAL.base_url}{reverse('account_reset_password_from_key', kwargs=names)}"


def read_link(uidb36: str, token: str) -> SeenLink | None:
    """Take up what stands in an address; None if no link of ours looks like this. Nothing is looked up."""
    try:
        return SeenLink(
            UUID(uidb36).hex, base36_to_int(token.partition("-")[0]), one_time_links.hash_token(token)
        )
    except ValueError:
        return None


def works(seen: SeenLink) -> bool:
    """Whether the link can be used now."""
    return _find_user(User.objects.filter(is_active=True), seen) is not None


def use_link(seen: SeenLink) -> OpenedLink | None:
    """Use it: from now on it is worth nothing, nor is any other of this user. None if it does not work."""
    with transaction.atomic():
        user = _find_user(User.objects.filter(is_active=True).select_for_update(), seen)
        return one_time_links.open_link(seen.key, user=user) if user else None


def _find_user(users: Any, seen: SeenLink) -> User | None:
    user: User | None = users.filter(pk=seen.user).first()
    if user is None:
        return None
    token = _tokens.make_again(user, seen.made)
    same = constant_time_compare(one_time_links.hash_token(token), seen.key)
    return user if same and _tokens.check_token(user, token) else None


def get_bound_link(pk: object, proof: str) -> OpenedLink | None:
    """The used link that a browser holds, if it still lets its user choose a password.

    `proof` is make_proof() at the time of use: a password that was changed since, by whatever way, ends it.
    """
    opened = one_time_links.get_bound_link(pk)
    if opened is None or opened.user is None or not opened.user.is_active:
        return None
    return opened if constant_time_compare(proof, make_proof(opened.user)) else None


def make_proof(user: User) -> str:
    """Changes with the password, as a session's own proof does."""
    return str(user.get_session_auth_hash())
