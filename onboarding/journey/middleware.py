"""Two things every page of the portal owes: a sentence for each refusal, and nothing typed is lost at the sign-in.

Which refusal and which sentence is decided in guards.py and people/access.py.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from onboarding.journey.guards import Why
from onboarding.journey.progress import Refusal
from onboarding.journey.views.typed import keep_for_later, page_of
from onboarding.people.access import NotAllowed


class SignInMiddleware(LoginRequiredMiddleware):
    """Every address demands a sign-in unless it says otherwise; a post keeps what was typed."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponse:  # type: ignore[override]  # wider than Django's: a fragment gets no page
        """Send to the sign-in page and back here; to a page, never to an address that only takes posts."""
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        kept = "What you typed is kept, except secrets and files." if keep_for_later(request) else ""
        messages.info(request, f"You were signed out. Sign in again. {kept}".strip())
        return redirect_to_login(page_of(request), self.get_login_url(view_func))


class RefusalMiddleware:
    """NotAllowed becomes 403, Refusal 403 or 409: a page with the sentence and a way on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal with its page."""
        if isinstance(exception, NotAllowed):
            return render(
                request, "refused.html", {"sentence": exception.sentence, "status": 403}, status=403
            )
        if isinstance(exception, Refusal):
            status = 403 if exception.why == Why.ROLE else 409
            return render(
                request, "refused.html", {"sentence": exception.sentence, "status": status}, status=status
            )
        return None
