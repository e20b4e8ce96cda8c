"""What every page of the portal owes: a sentence for each refusal, and nothing typed is lost at the sign-in.

Which refusal and which sentence is decided in guards.py and people/access.py, who needs a second factor in people/.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from onboarding.people import last_person, second_factor
from onboarding.people.access import person
from onboarding.people.decisions import RequestRefused
from onboarding.ui import sent_forms
from onboarding.ui.post_only import find_page

ACCOUNT = "/accounts/"  # one's own account, where a second factor is set up


class SignInMiddleware(LoginRequiredMiddleware):
    """Every address demands a sign-in unless it says otherwise; a post keeps what was typed."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponse:  # type: ignore[override]  # wider than Django's: a fragment gets no page
        """Send to the sign-in page and back here; to a page, never to an address that only takes posts."""
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        said = hasattr(request, "session_ended_by")  # a message says already why
        kept = _keep(request, last_person.find_last_person(request))
        sentence = f"{'' if said else 'You were signed out. Sign in again.'} {kept}".strip()
        if sentence:
            messages.info(request, sentence)
        return redirect_to_login(find_page(request), self.get_login_url(view_func))


def _keep(request: HttpRequest, owner: str) -> str:
    kept = sent_forms.keep_for_sign_in(request, owner)
    return "What you typed is kept, except secrets and files." if kept else ""


class SecondFactorMiddleware:
    """Whoever may change something and has no second factor is told by when, and from then on sets one up first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], *_: Any
    ) -> HttpResponse | None:
        """Let everybody through to their own account and to what needs no sign-in."""
        if not getattr(view_func, "login_required", True) or not request.user.is_authenticated:
            return None
        factor_demand = second_factor.find_demand(request)
        request.second_factor = factor_demand  # type: ignore[attr-defined]  # for the pages' banner
        if factor_demand is None or not factor_demand.is_due or request.path_info.startswith(ACCOUNT):
            return None
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        if request.method == "POST" and (kept := _keep(request, str(person(request).pk))):
            messages.info(request, kept)
        return redirect("mfa_index")


class RefusalMiddleware:
    """A refusal becomes a page with its sentence, its status (403 or 409) and a way on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal with its page."""
        if not isinstance(exception, RequestRefused):
            return None
        context = {
            "sentence": exception.sentence,
            "status": exception.status,
            "set_up": isinstance(exception, second_factor.NoSecondFactor),
        }
        return render(request, "refused.html", context, status=exception.status)
