"""How django-allauth is fitted in: nobody signs up by himself.

Accounts are made by ops or by an invitation.
"""

from ipaddress import ip_address
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from onboarding.people import account_emails
from onboarding.people.attempt_limits import Guessed, count_attempt
from onboarding.people.models import User

AGAIN = {
    "reauthenticate": "Use your password",
    "mfa_reauthenticate": "Use a code from your app, or a recovery code",
    "mfa_reauthenticate:webauthn": "Use your passkey or security key",
}

# Written where the change itself is made, in its transaction (account_emails.py, receivers.py, allauth_urls.py).
WRITTEN_ALREADY = frozenset(
    {
        *(f"account/email/password_{done}" for done in ("changed", "set", "reset")),
        *(f"mfa/email/totp_{done}" for done in ("activated", "deactivated")),
        *(f"mfa/email/webauthn_{done}" for done in ("added", "removed")),
        "mfa/email/recovery_codes_generated",
    }
)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """The portal's answers to allauth's questions."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Signing up is closed: companies and their first admins are made by ops."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """As allauth finds it; an IPv4 address in IPv6 form (::ffff:a.b.c.d) is that IPv4 address, not one network."""
        found = ip_address(super().get_client_ip(request))
        return str(getattr(found, "ipv4_mapped", None) or found)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a guess where it is made, not by account alone. Raises ValidationError with a sentence."""
        self._attempt = count_attempt(request, Guessed.PASSWORD, str(credentials.get("email", "")))

    def _rollback_login_failed_rl_usage(self) -> None:
        """The password was right: what pre_authenticate() counted is taken back."""
        self._attempt.take_back()

    def set_password(self, user: User, password: str) -> None:
        """Store the password and the letter to its owner, both or neither."""
        account_emails.set_password(user, password)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Put a warning to the owner of an account into the outbox, unless it lies there already."""
        if template_prefix not in WRITTEN_ALREADY:
            account_emails.queue_to_owner(user, template_prefix, **(context or {}))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """No page of ours leads here: every email leaves through the outbox. Raises NotImplementedError."""
        raise NotImplementedError(f"No email goes to an address alone: {template_prefix}.")

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """The ways in which somebody shows again that it is them, in our words."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [{**way, "description": AGAIN.get(way["id"], way["description"])} for way in ways]
