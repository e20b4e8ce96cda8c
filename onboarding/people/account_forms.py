"""Forms of one's own password: a wrong one is counted where it is typed, and strangers cannot fill a mailbox.

How often is attempt_limits.py's business; what the forms do else is allauth's.
"""

from typing import Any

from allauth.account.forms import ChangePasswordForm, ResetPasswordForm
from allauth.core import context
from django.http import HttpRequest

from onboarding.people import account_emails
from onboarding.people.attempt_limits import Guessed, count_attempt, count_reset_link


class OwnPasswordForm(ChangePasswordForm):  # type: ignore[misc]  # allauth ships no types
    """A new password, by somebody who knows the old one."""

    def clean_oldpassword(self) -> str:
        """The present password. Raises ValidationError with a sentence."""
        attempt = count_attempt(context.request, Guessed.PASSWORD, self.user.email)
        password: str = super().clean_oldpassword()
        attempt.take_back()
        return password


class ForgottenPasswordForm(ResetPasswordForm):  # type: ignore[misc]  # allauth ships no types
    """An address whose owner forgot the password. Whether it has an account is looked up when the email is sent."""

    def clean_email(self) -> str:
        """The address as accounts have it; allauth would look for its account here."""
        return str(self.cleaned_data["email"]).lower()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Queue the link, unless enough were sent: these work, too, and the answer is the same."""
        email: str = self.cleaned_data["email"]
        if count_reset_link(request, email) is not None:
            account_emails.queue_reset_link(email)
        return email
