"""What the pages behind links with a token share: the token leaves the address bar, and one browser holds its use.

Which links there are: reset_views.py and invitation_views.py.
"""

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from onboarding.people.access import person
from onboarding.people.models import OpenedLink


def redirect_without_token(request: HttpRequest, slot: str, seen: object, page: str) -> HttpResponse:
    """From an address with a token to one without. Nothing is used up: programs of mail servers open links, too.

    That it was opened is remembered in the session of this browser only, and for no link that is none (`seen` None):
    strangers are not to fill the table of sessions. No page is shown at the address itself, so that no picture or style
    sheet of it is asked for with the token as its referrer.
    """
    if seen is None:
        request.session.pop(slot, None)
    else:
        request.session[slot] = seen
    answer = redirect(page)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def bind_link(request: HttpRequest, slot: str, value: object) -> None:
    """Bind the use of a link to this browser; whoever knew its session before does not know it afterwards."""
    before = request.session.session_key
    request.session.cycle_key()
    if (
        request.user.is_authenticated
    ):  # the list of their browsers goes by the key, and so does whatever ends them
        known = UserSession.objects.filter(user=person(request)).filter(session_key=before)
        known.update(session_key=request.session.session_key)
    request.session[slot] = value


def render_used_link(request: HttpRequest, opened: OpenedLink, new_link: str, **more: object) -> HttpResponse:
    """Why this link does nothing, and the button that sends another to the same address."""
    context = {"opened": opened, "new_link": new_link, **more}
    return render(request, "people/link_used.html", context, status=409)
