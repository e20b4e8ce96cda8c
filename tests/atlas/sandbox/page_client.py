"""A person at the stand-in pages, without a browser: opens pages, fills forms, presses buttons by their ids.

Not here: what is expected of the pages.
"""

from collections.abc import Mapping
from urllib.parse import urljoin

import requests
from bs4 import BeautifulSoup, Tag

from atlas.sandbox.server import Sandbox


class Visitor:
    """Holds the page that is open."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.base = sandbox.pages_url
        self.session = requests.Session()
        self.session.trust_env = False
        self.answer = requests.Response()
        self.page = BeautifulSoup("", "html.parser")

    def open(self, path: str) -> "Visitor":
        """Open a page."""
        return self._take(self.session.get(urljoin(self.base, path), timeout=10))

    def _take(self, answer: requests.Response) -> "Visitor":
        self.answer = answer
        self.page = BeautifulSoup(answer.text, "html.parser")
        return self

    @property
    def title(self) -> str:
        """The heading of the page."""
        heading = self.page.h1
        assert heading is not None
        return heading.get_text(strip=True)

    @property
    def path(self) -> str:
        """Where we are."""
        return self.answer.url.removeprefix(self.base)

    def text(self, identifier: str) -> str:
        """The text of the element with this id."""
        return self.element(identifier).get_text(" ", strip=True)

    def element(self, identifier: str) -> Tag:
        """The element with this id; fails if there is none."""
        found = self.page.find(id=identifier)
        assert isinstance(found, Tag), f"no #{identifier} on {self.title}"
        return found

    def has(self, identifier: str) -> bool:
        """Whether there is an element with this id."""
        return self.page.find(id=identifier) is not None

    def press(self, button: str, values: Mapping[str, object] | None = None) -> "Visitor":
        """Press the button with this id, its form as it stands, changed by `values`."""
        form = self.element(button).find_parent("form")
        assert isinstance(form, Tag)
        data = _standing(form) | dict(values or {})
        address = urljoin(self.answer.url, str(form["action"]))
        return self._take(self.session.post(address, data=data, timeout=10))

    def sign_in(self, email: str, password: str = "") -> "Visitor":
        """From the front page."""
        return self.open("/").press("sign-in", {"email": email, "password": password})


def _standing(form: Tag) -> dict[str, object]:
    """What the form would send as it stands."""
    data: dict[str, object] = {}
    for field in form.find_all(["input", "textarea"]):
        if field.get("type") in {"radio", "checkbox"} and not field.has_attr("checked"):
            continue
        if field.get("name"):
            data[str(field["name"])] = (
                field.get_text() if field.name == "textarea" else str(field.get("value", "on"))
            )
    return data
