"""Forms of the second factor in our own words: the code app, codes at the sign-in, passkeys.

What is checked and how often somebody may guess is allauth's business.
"""

from typing import Any

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, generate_totp_secret
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.views.decorators.debug import sensitive_variables

from certs.vault import VaultError
from onboarding.people import second_factor
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
    def _begun(self) -> str:
        name = context.request.session.get(SECRET_SESSION_KEY) if self.is_bound else None
        try:
            return second_factor.read(name) if name else ""
        except VaultError:
            return ""

    @sensitive_variables()
    def _begin(self) -> str:
        secret: str = generate_totp_secret()
        second_factor.destroy_drafts(self.user)
        name = second_factor.keep(self.user, second_factor.DRAFT, secret)
        context.request.session[SECRET_SESSION_KEY] = name
        return secret


class CodeForm(AuthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """The second question of the sign-in."""

    code = _code("Code", "From your code app, or one of your recovery codes.")


class AskAgainForm(ReauthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """The same, before a secret, a role or a grant."""

    code = _code("Code", "From your code app, or one of your recovery codes.")


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
