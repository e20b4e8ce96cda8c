"""Pages of allauth that change how somebody signs in: each post is one transaction, so nothing is left half done.

Addresses and names are allauth's; what is not here is served by allauth's own.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.core.internal.httpkit import authenticated_user
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as socialaccount
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

from onboarding.people import account_emails


def atomic_post(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What a post changes stands only if all of it does, the letter in the outbox included."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with transaction.atomic():
            return view(request, *args, **kwargs)

    return wrapped


class GenerateRecoveryCodesView(recovery_codes.GenerateRecoveryCodesView):  # type: ignore[misc]  # allauth ships no types
    """allauth tells the owner after the new codes are stored; here it is the same transaction."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Tell, then make them."""
        account_emails.queue_to_owner(authenticated_user(self.request), "mfa/email/recovery_codes_generated")
        answer: HttpResponse = super().form_valid(form)
        return answer


urlpatterns = [
    path("password/change/", atomic_post(account.password_change), name="account_change_password"),
    path("password/set/", atomic_post(account.password_set), name="account_set_password"),
    path("2fa/totp/deactivate/", atomic_post(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/webauthn/add/", atomic_post(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path(
        "2fa/webauthn/keys/<int:pk>/remove/",
        atomic_post(webauthn.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
    path(
        "2fa/recovery-codes/generate/",
        atomic_post(GenerateRecoveryCodesView.as_view()),
        name="mfa_generate_recovery_codes",
    ),
    path("organisation/", atomic_post(socialaccount.connections), name="socialaccount_connections"),
]
