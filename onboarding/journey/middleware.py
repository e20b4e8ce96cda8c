"""Two things every page of the portal owes: a sentence for each refusal, and nothing typed is lost at the sign-in.

Which refusal and which sentence is decided in guards.py and people/access.py.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from onboarding.journey.guards import Why
from onboarding.journey.progress import Refusal
from onboarding.journey.views.typed import keep_for_later
from onboarding.people.access import NotAllowed


class SignInMiddleware(LoginRequiredMiddleware):
    """Every address demands a sign-in unless it says otherwise; a post keeps what was typed."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseRedirect:
        """Send to the sign-in page and back here."""
        if request.method == "POST":
            keep_for_later(request)
            messages.info(
                request,
                "You were signed out. Sign in again; what you typed is kept, except secrets and files.",
            )
        return super().handle_no_permission(request, view_func)


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
