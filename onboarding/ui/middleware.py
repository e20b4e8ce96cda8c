"""Headers that belong to pages as such.

The content security policy and the permissions policy are set in config/settings.py.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class NoStoreMiddleware:
    """Pages show other people's cases: no browser or proxy keeps them, and Back after signing out shows nothing.

    A view that sets Cache-Control itself is left alone; static files never pass here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response
