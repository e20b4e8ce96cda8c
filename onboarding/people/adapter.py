"""How django-allauth is fitted in: nobody signs up by himself.

Accounts are made by ops or by an invitation.
"""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """The portal's answers to allauth's questions."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Signing up is closed: companies and their first admins are made by ops."""
        return False
