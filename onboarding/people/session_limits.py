"""When a session ends by itself: after a time without use, and after a working day in any case.

Who looks at it is middleware.py; what a person had typed is kept by ui/sent_forms.py.
"""

from enum import StrEnum

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from certs import clock

STARTED, USED = "session_started_at", "session_used_at"  # seconds since 1970, in the session
NOTE_EVERY = 60.0  # seconds: not every request writes to the session


class EndedBy(StrEnum):
    """Why a session ended."""

    IDLE = "idle"
    LIFETIME = "lifetime"


def start(session: SessionBase) -> None:
    """Somebody has signed in."""
    session[STARTED] = session[USED] = clock.now().timestamp()


def ended_by(session: SessionBase) -> EndedBy | None:
    """Why this session of somebody signed in is over; None while it is not."""
    now = clock.now().timestamp()
    if now - session.get(STARTED, now) > settings.SESSION_COOKIE_AGE:
        return EndedBy.LIFETIME
    if now - session.get(USED, now) > settings.PORTAL.session_idle_minutes * 60:
        return EndedBy.IDLE
    return None


def note_use(request: HttpRequest) -> None:
    """The person did something. What a page asks for by itself (htmx) is not the person."""
    session = request.session
    if STARTED not in session:  # from before sessions had limits
        start(session)
    by_itself = request.method == "GET" and "HX-Request" in request.headers
    if not by_itself and clock.now().timestamp() - session.get(USED, 0.0) > NOTE_EVERY:
        session[USED] = clock.now().timestamp()


def sentence(ended: EndedBy) -> str:
    """What the sign-in page says."""
    if ended == EndedBy.IDLE:
        minutes = settings.PORTAL.session_idle_minutes
        return f"You were signed out because nothing was done here for {minutes} minutes. Sign in to go on."
    hours = settings.SESSION_COOKIE_AGE // 3600
    return f"You were signed out because you signed in {hours} hours ago. Sign in to go on."
