"""What was sent and not taken: an invalid post leads to its page, which shows what was typed and what is wrong with it.

So Back and a reload never ask whether to send a form again. What a session that has ended was about to send waits in
the same place, for the same person. What may be kept at all is in typed_values.py.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django import forms
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from certs import clock
from onboarding.ui.post_only import SENT, find_match, find_page, with_query
from onboarding.ui.typed_values import (
    Typed,
    as_posted,
    dump_errors,
    fill_again,
    has_unkeepable,
    list_keepable,
)

KEY = "sent_forms"
MOST = 6  # that one session keeps, newest first
MOST_KEPT = 60_000  # characters of one
KEPT_FOR = 3600  # seconds that errors are shown again; what waits for a sign-in waits as long as its session
FormT = TypeVar("FormT", bound=forms.Form)
View = TypeVar("View", bound=Callable[..., HttpResponse])
Classes = Iterable[type[forms.Form]]


def keeps_typed(
    *form_classes: type[forms.Form], by: Callable[..., Classes] | None = None
) -> Callable[[View], View]:
    """For a view, outermost of its decorators: what is typed into these forms survives the end of a session.

    `by` says which forms they are, where that depends on the values in the address.
    """

    def mark(view: View) -> View:
        view.list_typed_forms = by or (lambda **_: form_classes)  # type: ignore[attr-defined]  # as login_required does
        return view

    return mark


def fill_form(request: HttpRequest, form_class: type[FormT], **kwargs: Any) -> FormT:
    """The form: of a post with what it brings; else with what was sent from this page before; else empty."""
    if request.method == "POST":
        return form_class(request.POST, request.FILES, **kwargs)
    return restore_form(request, form_class, **kwargs) or form_class(**kwargs)


def render_form(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 422
) -> HttpResponse:
    """The page of the form that stands in `context` as "form"; after an invalid post the way to it.

    `status` is that of a post whose answer keeps nothing and therefore is the page itself.
    """
    form = context["form"]
    refused = request.method == "POST" and bool(form.errors)
    return (refused and lead_back(request, form)) or render(
        request, template, context, status=status if refused else 200
    )


def lead_back(request: HttpRequest, form: forms.Form) -> HttpResponse | None:
    """To the form's page, which shows what was sent and what is wrong with it.

    None where the answer must be the page itself, because nothing is kept: of a file or a secret, of more than a form
    holds, and of strangers, who are not to fill the table of sessions.
    """
    if not request.user.is_authenticated or has_unkeepable(form):
        return None
    typed, token, page = (
        list_keepable(type(form), _posted(form)),
        secrets.token_urlsafe(6),
        find_page(request),
    )
    if _is_too_long(typed):
        return None
    kept: dict[str, Any] = {"token": token, "owner": str(request.user.pk), "forms": [type(form).__name__]}
    kept |= {"typed": typed, "errors": dump_errors(form), "until": clock.now().timestamp() + KEPT_FOR}
    _store(request.session, page, kept)
    path, _, query = page.partition("?")
    return redirect(with_query(path, QueryDict(query), token))


def keep_for_sign_in(request: HttpRequest, owner: str) -> bool:
    """Keep what an ended session was about to send until its page is opened by `owner` (a user's id).

    True when something was kept.
    """
    match = find_match(request)
    list_forms = getattr(match.func, "list_typed_forms", None) if match else None
    found = tuple(list_forms(**match.kwargs)) if owner and match and list_forms else ()
    typed: Typed = {}
    for form in found:
        typed |= list_keepable(form, request.POST)
    if not typed or _is_too_long(typed):
        return False
    kept = {
        "token": "",
        "owner": owner,
        "forms": [each.__name__ for each in found],
        "typed": typed,
        "errors": {},
    }
    _store(request.session, find_page(request), kept)
    return True


def restore_form(request: HttpRequest, form_class: type[FormT], **kwargs: Any) -> FormT | None:
    """The form as it was sent from this page, and not taken; None when nothing was. Never what somebody else sent.

    What waited for a sign-in is handed out once, an error as often as its address is asked for.
    """
    token = request.GET.get(SENT, "")
    for kept in request.session.get(KEY, ()):
        ours = kept["owner"] == str(request.user.pk) and kept["page"] == request.path
        if (
            ours
            and form_class.__name__ in kept["forms"]
            and kept["token"] in ("", token)
            and _is_current(kept)
        ):
            if request.method == "GET":  # a program that only asks for the head takes nothing away
                _hand_out(request.session, kept)
            return fill_again(form_class(as_posted(kept["typed"]), **kwargs), kept["errors"])
    return None


def forget_others(session: SessionBase, owner: str) -> None:
    """Somebody has signed in: what another person typed in this browser is gone."""
    if KEY in session:
        session[KEY] = [kept for kept in session[KEY] if kept["owner"] == owner]


def _hand_out(session: SessionBase, kept: dict[str, Any]) -> None:
    """Other forms of the same page have no part in what waited for a sign-in once one shows it."""
    if not kept["token"]:
        session[KEY] = [each for each in session[KEY] if each != kept]


def _store(session: SessionBase, page: str, kept: dict[str, Any]) -> None:
    others = [each for each in session.get(KEY, ()) if _is_current(each)]
    session[KEY] = [{**kept, "page": urlsplit(page).path}, *others][:MOST]


def _is_current(kept: dict[str, Any]) -> bool:
    return bool(kept.get("until", float("inf")) > clock.now().timestamp())


def _is_too_long(typed: Typed) -> bool:
    return sum(len(each) for values in typed.values() for each in values) > MOST_KEPT


def _posted(form: forms.Form) -> QueryDict:
    data: Any = form.data
    found: QueryDict = data
    return found
