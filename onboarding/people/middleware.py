"""What every request owes to signing in: sessions end in time, and browsers that signed in are known afterwards.

Who must be signed in at which address is journey/middleware.py's.
"""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from onboarding.people import held_requests, known_browsers, last_person, session_limits
from onboarding.people.access import person

Next = Callable[[HttpRequest], HttpResponse]


class KnownBrowserMiddleware:
    """Whoever signed in, or chose a password, in this request: their browser is known from now on."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; receivers.py says in it whose browser this is."""
        response = self.get_response(request)
        user = getattr(request, "known_user", None)
        if user is not None:
            known_browsers.remember(request, response, user, second=request.known_second)  # type: ignore[attr-defined]
        return response


class LastPersonMiddleware:
    """A browser knows who was signed in last, also when the session has ended without its knowing."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; whoever is signed in afterwards is the last one."""
        response = self.get_response(request)
        if request.user.is_authenticated:
            last_person.remember(request, response, person(request))
        return response


class SessionLimitMiddleware:
    """Ends a session whose time is over; the page then asks for a sign-in and leads back."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, signed out if the session is over."""
        if request.user.is_authenticated:
            ended = session_limits.ended_by(request.session)
            if ended is None:
                session_limits.note_use(request)
            else:
                request.session_ended_by = ended  # type: ignore[attr-defined]  # for the log and the sign-in page
                logout(request)
                messages.info(request, session_limits.sentence(ended))
        return self.get_response(request)


class HeldRequestMiddleware:
    """What was posted before a person showed that it is them is done for that page and soon, or not at all."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; before, what was left is forgotten, and afterwards, what is kept gets its time."""
        if not request.user.is_authenticated:
            return self.get_response(request)
        held_requests.forget_left(request)
        response = self.get_response(request)
        held_requests.note_held(request.session)
        return response
