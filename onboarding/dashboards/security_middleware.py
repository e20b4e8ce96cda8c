"""Every request gets a number, and what is refused goes into the security log: 403, 429, and 404 for what exists.

It stands in this room because it looks at what all rooms have. What happens at the sign-in is people/receivers.py's.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from onboarding.audit.security_log import Outcome, SecurityEvent, log_event
from onboarding.handover.models import Offer
from onboarding.journey.models import Onboarding
from onboarding.people.models import Company

NUMBER = re.compile(r"[A-Za-z0-9-]{8,64}")  # what is taken from a proxy
KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # of a row, as its page's address has it


class _Target(NamedTuple):
    """What a refused address was about, as far as it exists."""

    exists: bool
    company_id: UUID | None = None
    onboarding_id: UUID | None = None


class SecurityLogMiddleware:
    """Numbers the request (X-Request-ID) and tells of refusals."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        request.request_id = _request_number(request)  # type: ignore[attr-defined]  # for every line of the log
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        if response.status_code in (403, 404, 429):
            _log_refusal(request, response.status_code)
        return response


def _request_number(request: HttpRequest) -> str:
    """The proxy's number, if one is trusted and gives one; else a new one."""
    number = request.headers.get("X-Request-ID", "") if settings.PORTAL.trust_proxy else ""
    return number if NUMBER.fullmatch(number) else uuid4().hex


def _log_refusal(request: HttpRequest, status: int) -> None:
    target = _target(request)
    if status == 404 and not (request.user.is_authenticated and target.exists):
        return  # there is nothing to hide, or nobody knows for whom
    event = SecurityEvent.RATE_LIMITED if status == 429 else SecurityEvent.ACCESS_REFUSED
    if hasattr(request, "csrf_refused"):
        event = SecurityEvent.CSRF_REFUSED
    log_event(
        event,
        Outcome.REFUSED,
        company_id=target.company_id,
        onboarding_id=target.onboarding_id,
        detail=str(status),
    )


def _target(request: HttpRequest) -> _Target:
    """Looked up without asking who may see it. An address about nothing in particular exists."""
    match = request.resolver_match
    if match is None:
        return _Target(exists=False)
    if match.app_name in ("journey", "handover"):
        return _first_target(Onboarding.objects.filter(code=match.kwargs["code"].upper()), "company_id", "pk")
    if match.app_name == "offers" and "pk" not in match.kwargs:
        return _first_target(_find_offers_of_others(request), "company_id", "onboarding_id")
    if match.app_name in ("offers", "external-roles"):
        return _first_target(Offer.objects.filter(pk=match.kwargs["pk"]), "company_id", "onboarding_id")
    if "slug" in match.kwargs and match.app_name in ("people", "team", "dashboards", "ops"):
        return _first_target(Company.objects.filter(slug=match.kwargs["slug"]), "pk")
    if match.view_name == "own:end-session":
        return _Target(UserSession.objects.filter(pk=match.kwargs["pk"]).exists())
    return _Target(exists=not match.kwargs)


def _find_offers_of_others(request: HttpRequest) -> Any:
    """Those of several chosen offers that wait for somebody else's answer: one of them is why it was refused."""
    keys = [each for each in request.GET.getlist("offer") if KEY.fullmatch(each)]
    return Offer.objects.filter(pk__in=keys).exclude(to_user=request.user.pk)


def _first_target(rows: Any, *columns: str) -> _Target:
    found = rows.values_list(*columns).first()
    return _Target(True, *found) if found else _Target(exists=False)
