"""Your account: one page from which everything about one's own sign-in is reached, and ending one session.

The pages behind it are allauth's, in our templates.
"""

import logging
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from requests import RequestException

from onboarding.people import account_emails
from onboarding.people.access import person
from onboarding.people.forms import TelephoneForm
from onboarding.people.models import User
from onboarding.people.reauthentication import require_recent_login
from onboarding.ui.post_only import posted_from
from onboarding.ui.sent_forms import fill_form, keeps_typed, render_form

PROVIDER = "organisation"  # as config/oidc.py names it
log = logging.getLogger(__name__)


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Telephone, password, second factor, passkeys, recovery codes, sessions."""
    user = person(request)
    sessions = len(UserSession.objects.purge_and_list(user))
    rows = [
        {"key": "Name", "value": user.name},
        {"key": "Email address", "value": user.email},
        _row("Telephone", _numbers(user), "own:telephone", "Change"),
        _password(user),
        *_factors(user),
        *_organisation(user),
        _row("Where you are signed in", _count(sessions, "browser"), "usersessions_list", "See and end"),
    ]
    return render(request, "account/account.html", {"rows": rows})


def _numbers(user: User) -> str:
    numbers = (user.telephone, user.direct_line and f"{user.direct_line} (direct line)")
    return ", ".join(filter(None, numbers)) or "None"


def _row(key: str, value: str, url: str, action: str) -> dict[str, Any]:
    return {"key": key, "value": value, "url": reverse(url), "action": action, "about": key.lower()}


def _count(number: int, thing: str) -> str:
    return f"{number or 'No'} {thing}{'' if number == 1 else 's'}"


def _password(user: User) -> dict[str, Any]:
    if user.has_usable_password():
        return _row("Password", "Set", "account_change_password", "Change")
    return _row("Password", "None", "account_set_password", "Choose one")


def _factors(user: User) -> list[dict[str, Any]]:
    found = list(Authenticator.objects.filter(user=user))
    keys = sum(each.type == Authenticator.Type.WEBAUTHN for each in found)
    rows = [
        _code_app(any(each.type == Authenticator.Type.TOTP for each in found)),
        _row("Passkeys and security keys", _count(keys, "key"), "mfa_list_webauthn", "See and change"),
    ]
    codes = next((each for each in found if each.type == Authenticator.Type.RECOVERY_CODES), None)
    if codes is not None:
        left = len(codes.wrap().get_unused_codes())
        rows.append(
            _row("Recovery codes", f"{left} not used yet", "mfa_generate_recovery_codes", "Make new ones")
        )
    return rows


def _organisation(user: User) -> list[dict[str, Any]]:
    if not settings.PORTAL.oidc_issuer:
        return []
    linked = SocialAccount.objects.filter(user=user).exists()
    name = f"Sign-in with {settings.PORTAL.oidc_name}"
    return [_row(name, "Linked" if linked else "Not linked", "socialaccount_connections", "See and change")]


def _code_app(is_set: bool) -> dict[str, Any]:
    if is_set:
        return _row("Code app", "Set up", "mfa_deactivate_totp", "Remove")
    return _row("Code app", "Not set up", "mfa_activate_totp", "Set up")


@keeps_typed(TelephoneForm)
@require_http_methods(["GET", "HEAD", "POST"])
@require_recent_login
def telephone(request: HttpRequest) -> HttpResponse:
    """One's own numbers: GET shows them to be changed, POST keeps what was typed, also nothing."""
    user = person(request)
    numbers = {"telephone": user.telephone, "direct_line": user.direct_line}
    form = fill_form(request, TelephoneForm, initial=numbers)
    if request.method == "POST" and form.is_valid():
        user.telephone, user.direct_line = form.cleaned_data["telephone"], form.cleaned_data["direct_line"]
        user.save(update_fields=["telephone", "direct_line"])
        if form.has_changed():  # whoever sits at an open browser could have people ring somebody else
            account_emails.queue_to_owner(user, "account/email/telephone_changed")
        messages.success(request, "Your telephone numbers are saved.")
        return redirect("own:account")
    return render_form(request, "account/telephone.html", {"form": form})


@login_not_required
@require_safe
def organisation(request: HttpRequest) -> HttpResponse:
    """Off to the organisation's own sign-in; a page with a way on when it does not answer."""
    if request.GET.get("process", "login") != "login":
        raise Http404  # an account is linked by signing in with it and in no other way
    try:
        answer: HttpResponse = openid_connect.login(request, PROVIDER)
    except RequestException:
        log.warning("The OpenID Connect provider does not answer.", exc_info=True)
        return render(request, "socialaccount/authentication_error.html", status=502)
    return answer


@posted_from("usersessions_list")
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign one's other browser out; one's own present one, too."""
    found = UserSession.objects.filter(user=person(request), pk=pk).first()
    if found is None:
        raise Http404
    end_sessions(request, [found])
    messages.success(request, "That browser is signed out.")
    return redirect("usersessions_list")
