"""What somebody typed must survive: an expired session, a stale page, a second submit.

Only fields that a form calls draftable are ever kept; secrets, files and private keys never are.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve, reverse

from onboarding.journey.forms import confirm_form, step_form
from onboarding.journey.forms.base import PlainForm
from onboarding.journey.forms.ways import find_way
from onboarding.journey.steps import BY_SLUG
from onboarding.ui.widgets import DATE_PARTS

KEY = "typed"
Keep = Callable[[Any], dict[str, Any]]  # of a post: what of it may be kept
View = TypeVar("View", bound=Callable[..., HttpResponse])
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


def recoverable(keep: Keep) -> Callable[[View], View]:
    """For a view, outermost of its decorators, whose post survives an expired session; `keep` says what is kept of it.

    The pages of steps need none. As with Django's `login_required` the mark stands on the view itself, so that nothing
    has to be registered anywhere.
    """

    def mark(view: View) -> View:
        view.recoverable = keep  # type: ignore[attr-defined]
        return view

    return mark


def save_for_sign_in(request: HttpRequest) -> bool:
    """Remember, for the sign-in that follows, what an expired session was about to send. True when something was.

    Only for a browser that had a session here, and only so much: strangers cannot fill the session table.
    """
    match = _match(request)
    keep = _keep_of(match)
    page = match.view_name if match and keep else _slug(match)
    if not page or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    data = keep(request.POST) if keep else draftable(page, request.POST)
    if not data or sum(len(str(value)) for value in data.values()) > MOST_KEPT:
        return False
    request.session[KEY] = {"slug": page, "path": request.path_info, "data": data}
    return True


def get_page_address(request: HttpRequest) -> str:
    """The address of the page from which this was posted: a step's verbs lead back to the step."""
    match = _match(request)
    if _keep_of(match):
        return request.path
    if match and (slug := _slug(match)) and "code" in match.kwargs:
        return reverse("journey:step", args=[match.kwargs["code"], slug])
    return request.get_full_path()


def _match(request: HttpRequest) -> ResolverMatch | None:
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def _keep_of(match: ResolverMatch | None) -> Keep | None:
    """What is kept of a post to this view, if it is marked as recoverable."""
    return getattr(match.func, "recoverable", None) if match else None


def _slug(match: ResolverMatch | None) -> str:
    """The slug of the step whose page, or verb, this is; empty when it is no step's."""
    slug = str(match.kwargs.get("slug", "")) if match else ""
    return slug if slug in BY_SLUG else ""


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
        if way := find_way(BY_SLUG[slug].ways, kept):
            rows.append({"key": "Chosen way", "value": way.label})
        rows += [
            {"key": str(field.label), "value": value}
            for name, field in form.base_fields.items()
            if not field.widget.is_hidden and (value := kept.get(name) or _date(name, kept))
        ]
    return rows


def _date(name: str, kept: dict[str, str]) -> str:
    """The boxes of a date as they were typed."""
    return " ".join(filter(None, (kept.get(f"{name}_{part}") for part in DATE_PARTS)))
