"""The portal's addresses, and a view that does nothing but know who is signed in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import handler400, handler500
from config.urls import urlpatterns as portal_patterns

__all__ = ["handler400", "handler500", "urlpatterns"]


def hello(request: HttpRequest) -> HttpResponse:
    """Greet whoever is signed in."""
    return HttpResponse(f"Hello {request.user}")


urlpatterns: list[Any] = [path("hello/", hello), *portal_patterns]
