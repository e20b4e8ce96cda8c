"""The portal's addresses, and a few that fail in every way in which a page can.

The failing ones exist only where a test sets ROOT_URLCONF to this module.
"""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from config.urls import urlpatterns as of_the_portal


def unreadable(request: HttpRequest) -> HttpResponse:
    """A request that makes no sense."""
    raise BadRequest("on purpose")


def refuse(request: HttpRequest) -> HttpResponse:
    """Django's own refusal, which no view of the portal uses but its parts may."""
    raise PermissionDenied("Only the Primary Certificate Admin may accept the quotation.")


def fail(request: HttpRequest) -> HttpResponse:
    """A fault of the portal."""
    raise RuntimeError("on purpose")


@login_not_required
def too_many(request: HttpRequest) -> HttpResponse:
    """What the rate limit answers."""
    return render(request, "429.html", status=429)


urlpatterns = [
    *of_the_portal,
    path("unreadable/", unreadable),
    path("refuse/", refuse),
    path("fail/", fail),
    path("too-many/", too_many),
]
