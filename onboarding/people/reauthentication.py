"""A fresh sign-in: before secrets, roles and grants a person shows once more that it is them.

How they show it (password, code, passkey, the organisation's sign-in) is allauth's business; where it is demanded, the
views'.
"""

from collections.abc import Callable
from functools import wraps
from time import time
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import (
    did_recently_reauthenticate,
    get_reauthentication_flows,
)
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from onboarding.people.decisions import PermissionRefused

PROVED_AT = "provider_proved_at"  # in the session, seconds since 1970, by the provider's clock
JUST_NOW = 60.0  # seconds
NOT_ASKED = (
    "Your organisation’s sign-in let you through without asking who you are, and this page needs that you were asked "
    "in the last minutes. Sign out at your organisation, come back here after a minute and sign in again."
)
Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponse]


def has_recent_login(request: HttpRequest) -> bool:
    """Whether the person has shown in the last minutes that it is them (ACCOUNT_REAUTHENTICATION_TIMEOUT)."""
    if get_reauthentication_flows(request.user):
        return bool(did_recently_reauthenticate(request))
    # Neither password nor second factor: only the organisation's sign-in can say it, and allauth would not ask.
    last = _find_last_sign_in(request)
    proved = request.session.get(
        PROVED_AT, last
    )  # a provider that is signed in already may answer without asking
    return bool(time() - min(last, proved) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def _find_last_sign_in(request: HttpRequest) -> float:
    return max((record["at"] for record in get_authentication_records(request, request.user)), default=0.0)


def note_provider_proof(request: HttpRequest) -> None:
    """Somebody has signed in: keep when the provider says that they showed it who they are, if it says so (oidc.py)."""
    moment: float | None = getattr(request, "provider_proved_at", None)
    if moment is None:
        request.session.pop(PROVED_AT, None)
    else:
        request.session[PROVED_AT] = moment


def require_recent_login(view: View[Rest]) -> View[Rest]:
    """The view answers only after you sign in again; others are asked for it first and then come back.

    A post is kept meanwhile and done afterwards, without files: never put this on a form that takes a secret.
    """

    @wraps(view)
    def checked(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        if has_recent_login(request):
            return view(request, *args, **kwargs)
        if get_reauthentication_flows(request.user):
            raise ReauthenticationRequired
        return _reauthenticate_at_provider(request)

    return checked


def _reauthenticate_at_provider(request: HttpRequest) -> HttpResponse:
    """A new sign-in there, after which a post must be made again: the session does not outlive it.

    Raises PermissionRefused where there has just been one and nobody was asked: the way there would lead back at once.
    """
    if time() - _find_last_sign_in(request) < JUST_NOW:
        raise PermissionRefused(NOT_ASKED)
    page = request.get_full_path()
    if request.method != "GET":
        messages.info(
            request, "Your sign-in was some time ago. Now that it is new, press the button once more."
        )
        page = _previous_page(request)
    query = urlencode({"next": page, "auth_params": "prompt=login&max_age=0"})
    return redirect(f"{reverse('own:organisation')}?{query}")


def _previous_page(request: HttpRequest) -> str:
    """The page whose button was pressed, if the browser says so and it is ours."""
    before = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(before, allowed_hosts={request.get_host()}):
        return "/"
    return urlsplit(before).path or "/"
