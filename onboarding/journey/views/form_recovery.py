"""What somebody typed must survive: an expired session, a stale page, a second submit.

Only fields that a form calls draftable are ever kept; secrets, files and private keys never are.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse

from onboarding.journey.forms import confirm_form, step_form
from onboarding.journey.forms.base import PlainForm
from onboarding.journey.steps import BY_SLUG
from onboarding.ui.widgets import DATE_PARTS

KEY = "typed"
RESTORERS: dict[
    str, Callable[[Any], dict[str, Any]]
] = {}  # pages of the rooms above: address's name -> what is kept
MOST_KEPT = 60_000  # characters in all


def form_classes(slug: str) -> list[type[PlainForm]]:
    """Every form that a step's page can show."""
    definition = BY_SLUG[slug]
    found = [step_form(definition), confirm_form(definition.before), confirm_form(definition.after)]
    return [form for form in found if form is not None]


def draftable(slug: str, data: Any) -> dict[str, str]:
    """What may be kept of a post to a step's page."""
    kept: dict[str, str] = {}
    for form in form_classes(slug):
        kept.update(form.draftable(data))
    return kept


def save_for_sign_in(request: HttpRequest) -> bool:
    """Remember, for the sign-in that follows, what an expired session was about to send. True when something was.

    Only for a browser that had a session here, and only so much: strangers cannot fill the session table.
    """
    page = _name(request) if _name(request) in RESTORERS else _address(request).get("slug", "")
    if page not in (*RESTORERS, *BY_SLUG) or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    data = RESTORERS[page](request.POST) if page in RESTORERS else draftable(page, request.POST)
    if not data or sum(len(str(value)) for value in data.values()) > MOST_KEPT:
        return False
    request.session[KEY] = {"slug": page, "path": request.path_info, "data": data}
    return True


def get_page_address(request: HttpRequest) -> str:
    """The address of the page from which this was posted: a step's verbs lead back to the step."""
    parts = _address(request)
    if _name(request) in RESTORERS:
        return request.path
    if parts.get("slug") in BY_SLUG and "code" in parts:
        return reverse("journey:step", args=[parts["code"], parts["slug"]])
    return request.get_full_path()


def _name(request: HttpRequest) -> str:
    """The name of the address, which stands for its page."""
    try:
        return str(resolve(request.path_info).view_name)
    except Resolver404:
        return ""


def _address(request: HttpRequest) -> dict[str, Any]:
    try:
        return dict(resolve(request.path_info).kwargs)
    except Resolver404:
        return {}


def restore(request: HttpRequest, code: str, slug: str) -> dict[str, Any]:
    """What was typed on this page (a step's slug, or the name of another address) before the session expired; handed
    out once."""
    kept = request.session.get(KEY)
    if not kept or kept.get("slug") != slug or code.upper() not in kept.get("path", "").upper():
        return {}
    del request.session[KEY]
    data: dict[str, Any] = kept["data"]
    return data


def as_rows(slug: str, data: Any) -> list[dict[str, str]]:
    """What was typed, as rows to read when the form itself cannot be shown any more."""
    rows = []
    for form in form_classes(slug):
        kept = form.draftable(data)
        rows += [
            {"key": str(field.label), "value": value}
            for name, field in form.base_fields.items()
            if (value := kept.get(name) or _date(name, kept))
        ]
    return rows


def _date(name: str, kept: dict[str, str]) -> str:
    """The boxes of a date as they were typed."""
    return " ".join(filter(None, (kept.get(f"{name}_{part}") for part in DATE_PARTS)))
