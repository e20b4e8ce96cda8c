"""Only on this computer: the demonstration's own pages answer whoever sits at it, and nobody else.

They sign people in without a password, so each request must come from the loopback address to a server that is bound
to it, and must not say that a proxy passed it on. A proxy that says nothing cannot be told from a browser.
"""

import ipaddress
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

BOUND_TO = "demo.bound_to"  # in the WSGI environment: the address to which the server is bound
PASSED_ON = (
    *("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO"),
    *("HTTP_X_REAL_IP", "HTTP_VIA"),
)
View = Callable[..., HttpResponse]


def tell_address(application: Callable[..., Iterable[bytes]], address: str) -> Callable[..., Iterable[bytes]]:
    """The WSGI application, told with each request to which address its server is bound."""

    def told(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return application({**environ, BOUND_TO: address}, start_response)

    return told


def only_on_loopback(view: View) -> View:
    """For a view: 404 outside the demonstration, and for everybody who is not at this computer."""

    @wraps(view)
    def guarded(request: HttpRequest, **values: Any) -> HttpResponse:
        if settings.PORTAL.mode != "demo" or not is_local(request.META):
            raise Http404
        return view(request, **values)

    return guarded


def is_local(environ: dict[str, Any]) -> bool:
    """Whether server and browser both are on the loopback address, with nothing between them."""
    ends = (environ.get(BOUND_TO), environ.get("REMOTE_ADDR"))
    return all(_is_loopback(each) for each in ends) and not any(environ.get(name) for name in PASSED_ON)


def _is_loopback(address: object) -> bool:
    try:
        return ipaddress.ip_address(str(address)).is_loopback
    except ValueError:
        return False
