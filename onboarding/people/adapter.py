"""How django-allauth is fitted in: nobody signs up by himself.

Accounts are made by ops or by an invitation.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from onboarding.people.models import User

AGAIN = {
    "reauthenticate": "Use your password",
    "mfa_reauthenticate": "Use a code from your app, or a recovery code",
    "mfa_reauthenticate:webauthn": "Use your passkey or security key",
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """The portal's answers to allauth's questions."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Signing up is closed: companies and their first admins are made by ops."""
        return False

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """The ways in which somebody shows again that it is them, in our words."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [{**way, "description": AGAIN.get(way["id"], way["description"])} for way in ways]
