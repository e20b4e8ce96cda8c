"""Who was signed in last in this browser: what an ended session was about to send waits for this person only.

The cookie is no sign-in: it opens nothing. Which browsers guess wrongly is known_browsers.py's.
"""

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.middleware import csrf

from onboarding.people.access import is_open_account
from onboarding.people.models import User

SIGNER = TimestampSigner(salt="onboarding.people.last_person")
EARLIER = "earlier_csrf_secret"  # in the session: of pages that the same person had open before this sign-in


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Let the browser that gets this page say whose it was; until it is closed."""
    if _read(request, settings.SESSION_COOKIE_AGE) != str(user.pk):
        response.set_cookie(
            settings.LAST_PERSON_COOKIE_NAME,
            SIGNER.sign(str(user.pk)),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Strict",
        )


def find_last_person(request: HttpRequest) -> str:
    """The user's id; "" for a browser in which nobody was signed in lately, or somebody who cannot sign in any more.

    Of a post that passed the safety check (CSRF) this is who saw its page: the check's token is renewed at every
    sign-in, so a page that somebody else had open before sends nothing any more.
    """
    pk = _read(request, 2 * settings.SESSION_COOKIE_AGE)
    return pk if pk and is_open_account(pk) else ""


def _read(request: HttpRequest, seconds: int) -> str:
    """The id in the cookie, if it was set within so many seconds."""
    try:
        return SIGNER.unsign(request.COOKIES.get(settings.LAST_PERSON_COOKIE_NAME, ""), max_age=seconds)
    except BadSignature:
        return ""


def note_earlier_pages(request: HttpRequest, user: User) -> None:
    """Somebody has signed in; if it was they who had pages open here before, these can be told from then on."""
    secret = request.COOKIES.get(settings.CSRF_COOKIE_NAME)
    if secret and find_last_person(request) == str(user.pk):
        request.session[EARLIER] = secret


def is_from_earlier_page(request: HttpRequest) -> bool:
    """Whether a post that failed its safety check comes from a page that this person had open before signing in again.

    Only a page of this portal, shown in this browser, has that token; Django has no public name for the comparison.
    """
    secret, token = request.session.get(EARLIER), request.POST.get("csrfmiddlewaretoken", "")
    if not secret or not request.user.is_authenticated:
        return False
    try:
        csrf._check_token_format(token)  # type: ignore[attr-defined]  # the stubs leave out what has no public name
        return bool(csrf._does_token_match(token, secret))  # type: ignore[attr-defined]  # the same
    except csrf.InvalidTokenFormat:
        return False
