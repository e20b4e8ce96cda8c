"""What the stand-in pages share: a visit by a person who is signed in, and the way of a form from POST to answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from sqlite3 import Row
from typing import Any

from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from atlas.sandbox import registration
from atlas.sandbox.app_state import AppState
from atlas.sandbox.html import Form, Html, link, page
from atlas.sandbox.problems import Refusal
from atlas.sandbox.routing import Call

_WORDS = {
    "is required": "enter a value",
    "invalid value": "this is not valid here",
    "must be true": "tick this box",
}


@dataclass(frozen=True)
class PageRequest:
    """A person looks at one account."""

    state: AppState
    call: Call
    account_id: str
    email: str

    @property
    def home(self) -> str:
        """The address of the dashboard, with a slash at its end."""
        return f"/accounts/{self.account_id}/"

    @property
    def form(self) -> MultiDict[str, str]:
        """What was posted."""
        return self.call.request.form

    def row(self) -> Row:
        """The account as it is stored."""
        with self.state.store.transaction() as db:
            return registration.row_of(db, self.account_id)

    def account(self) -> dict[str, Any]:
        """The account as the account API shows it."""
        return registration.get(self.state, self.account_id)

    def page(self, title: str, body: Html, status: int = 200) -> Response:
        """A page with a way back to the dashboard."""
        return page(title, Html(body + link(self.home, "Back to the dashboard", "back")), self.email, status)


Render = Callable[[PageRequest, Form, int], Response]
Act = Callable[[PageRequest], Response | None]
Handler = Callable[[PageRequest], Response]


def on_get(render: Render) -> Handler:
    """GET: the page with an empty form."""
    return lambda page_request: render(page_request, Form(), 200)


def on_post(act: Act, render: Render) -> Handler:
    """POST: do it, then go to the dashboard or where the act leads; or show the page again with what was wrong."""

    def handle(page_request: PageRequest) -> Response:
        try:
            return act(page_request) or redirect(page_request.home)
        except Refusal as refusal:
            return render(
                page_request, Form(first_values(page_request.form), errors_of(refusal)), refusal.status
            )

    return handle


def redirect(address: str) -> Response:
    """See another page, with GET."""
    response = Response(b"", 303)
    response.headers["Location"] = address
    return response


def first_values(form: MultiDict[str, str]) -> Mapping[str, str]:
    """What to show again in a form."""
    return {name: form[name] for name in form}


def errors_of(refusal: Refusal) -> Mapping[str, str]:
    """The errors of a refusal by field name, in words for people."""
    found = {path.rpartition(".")[2]: _WORDS.get(reason, reason) for path, reason in refusal.errors.items()}
    return found or {"": refusal.description}


def texts(form: MultiDict[str, str], *names: str) -> dict[str, str]:
    """These members of a form; one that was not sent is empty."""
    return {name: form.get(name, "") for name in names}
