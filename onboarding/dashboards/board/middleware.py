"""After each form that somebody of ops sends the board is theirs to read as it is then."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from onboarding.dashboards.board.shared_part import note_change
from onboarding.people.access import person

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class OwnChangesMiddleware:
    """Tells the kept part of the board of it, when the view has stored everything and before the answer goes out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        response = self.get_response(request)
        if request.method not in READING and getattr(request.user, "is_ops", False):
            note_change(person(request))
        return response
