"""What was posted and waits until the person has shown that it is them: kept for minutes, and for that one page only.

allauth keeps such a request in the session, and does it when the proof was given. It would keep it as long as the
session, so that whoever had the browser before could leave one to be done by somebody who only wants to look.
"""

import json

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.urls import reverse

from certs import clock

PROVING = ("account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn")  # where it is shown
HELD_AT = "held_at"  # seconds since 1970, beside what allauth keeps


def is_held(session: SessionBase) -> bool:
    """Whether something is done as soon as the person has shown that it is them."""
    return "request" in session.get(STATE_SESSION_KEY, {})


def note_held(session: SessionBase) -> None:
    """After an answer: what was kept just now gets its time, and loses the cookies that came with it."""
    state = session.get(STATE_SESSION_KEY, {})
    if "request" not in state or HELD_AT in state:
        return
    kept = json.loads(state["request"])
    kept["META"].pop("HTTP_COOKIE", None)  # the session is a row of the database, and they are keys
    session[STATE_SESSION_KEY] = {**state, "request": json.dumps(kept), HELD_AT: clock.now().timestamp()}


def forget_left(request: HttpRequest) -> None:
    """Before an answer: somebody who opened another page, or waited too long, has given up what was kept.

    What a page asks for by itself (htmx) is not the person.
    """
    if not is_held(request.session):
        return
    state = request.session[STATE_SESSION_KEY]
    is_late = clock.now().timestamp() - state.get(HELD_AT, 0.0) > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    by_itself = "HX-Request" in request.headers
    is_proving = request.path in map(reverse, PROVING)
    if is_late or not (is_proving or by_itself):
        del request.session[STATE_SESSION_KEY]
