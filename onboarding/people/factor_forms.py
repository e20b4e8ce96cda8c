"""Forms of the second factor in our own words: the code app, codes at the sign-in, passkeys.

What is checked is allauth's business, how often somebody may guess attempt_limits.py's.
"""

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, generate_totp_secret
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.views.decorators.debug import sensitive_variables

from certs.vault import VaultError
from onboarding.audit.security_log import Outcome, SecurityEvent, log_event
from onboarding.people import second_factor, spent_codes
from onboarding.people.attempt_limits import Guessed, count_attempt
from onboarding.people.models import User

CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "govuk-input--width-10"}


def _code(label: str, hint: str) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, widget=forms.TextInput(attrs=CODE), max_length=20)


class CodeAppForm(ActivateTOTPForm):  # type: ignore[misc]  # allauth ships no types
    """Proof that the app was set up: the code that it shows now."""

    code = _code("Code that the app shows now", "Six digits. The app makes a new code every 30 seconds.")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        # Not allauth's own: that one would put the secret into the session as it is.
        forms.Form.__init__(self, *args, **kwargs)
        self.user = user
        self.secret = self._begun() or self._begin()

    @sensitive_variables()
    def clean_code(self) -> str:
        """The code, if it is right: with it the app is set up, and it opens nothing else."""
        code: str = super().clean_code()
        spent_codes.note_activation_code(context.request, self.secret, code)
        return code

    @sensitive_variables()
    def _begun(self) -> str:
        name = context.request.session.get(SECRET_SESSION_KEY) if self.is_bound else None
        try:
            return second_factor.open_secret(name, self.user) if name else ""
        except VaultError:
            return ""

    @sensitive_variables()
    def _begin(self) -> str:
        secret: str = generate_totp_secret()
        second_factor.destroy_drafts(self.user)
        name = second_factor.seal_secret(self.user, second_factor.DRAFT, secret)
        context.request.session[SECRET_SESSION_KEY] = name
        return secret


class _CodeCheck:
    """A code is counted where it is tried, and opens once."""

    user: User
    authenticator: Any

    def clean_code(self) -> str:
        """The code, if it is right and was not used. Raises ValidationError with a sentence."""
        attempt = count_attempt(context.request, Guessed.CODE, self.user.email)
        code: str = super().clean_code()  # type: ignore[misc]  # of allauth's form
        if not spent_codes.spend_code(self.authenticator, code):
            self._emit_authentication_failed(self.authenticator)  # type: ignore[attr-defined]  # of allauth's form
            raise get_adapter().validation_error("incorrect_code")
        attempt.take_back()
        return code


class CodeForm(_CodeCheck, AuthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """The second question of the sign-in."""

    code = _code("Code", "From your code app, or one of your recovery codes.")


class AskAgainForm(_CodeCheck, ReauthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """The same, before a secret, a role or a grant."""

    code = _code("Code", "From your code app, or one of your recovery codes.")


class _KeyCheck:
    """A passkey or key that is not right is on record. Nothing can be guessed, so nothing is counted."""

    user: User | None
    errors: Any
    failed = SecurityEvent.SECOND_FACTOR_FAILED

    def clean(self) -> Any:
        """What was given. Errors are known by now."""
        if self.errors:
            user_id = self.user.pk if self.user else None
            log_event(self.failed, Outcome.FAILURE, user_id=user_id, detail="webauthn")
        return super().clean()  # type: ignore[misc]  # of Django's form


class KeySignInForm(_KeyCheck, LoginWebAuthnForm):  # type: ignore[misc]  # allauth ships no types
    """A passkey instead of a password."""

    failed = SecurityEvent.SIGN_IN_FAILED


class KeyForm(_KeyCheck, AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth ships no types
    """A passkey or key as the second question of the sign-in."""


class KeyAgainForm(_KeyCheck, ReauthenticateWebAuthnForm):  # type: ignore[misc]  # allauth ships no types
    """The same, before a secret, a role or a grant."""

    failed = SecurityEvent.REAUTHENTICATION_FAILED


class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth ships no types
    """A passkey or a security key; the browser fills the rest."""

    name = forms.CharField(
        label="Name of this passkey or key",
        help_text="Only you see it, for example “Work laptop”.",
        max_length=60,
        required=False,
    )
    passwordless = forms.BooleanField(
        label="Let me sign in with it alone, without a password",
        help_text="Your device asks for your fingerprint, face or PIN instead. Not every security key can do this.",
        required=False,
        initial=True,
    )
    field_order = ("name", "passwordless", "credential")
