"""A browser without eyes: opens pages, fills the forms that it meets, presses their buttons.

What to type is decided by the steps; nothing here knows the portal or Atlas.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from email.message import Message
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from bs4 import BeautifulSoup, Tag

Value = str | bool | Sequence[str]
File = tuple[str, bytes]
TIMEOUT = 60.0  # seconds for one page
BUSY_PAUSE, BUSY_LIMIT = 5.0, 100.0  # seconds between tries, and in all, when a site asks for patience (429)
ERRORS = ".govuk-error-summary, #errors"  # where the portal and the stand-in Atlas say what is wrong


class WalkFailed(Exception):
    """A person would be stuck here; the text says where, and what the page said."""


def attribute(tag: Tag, name: str) -> str:
    """An attribute as text, empty if it is not there."""
    value = tag.get(name)
    return value if isinstance(value, str) else ""


def words(tag: Tag) -> str:
    """What a tag says, with single spaces."""
    return " ".join(tag.get_text(" ").split())


class Page:
    """One answer: a page to read, or a file."""

    def __init__(self, response: requests.Response) -> None:
        self.url, self.status, self.content = response.url, response.status_code, response.content
        self.disposition = response.headers.get("Content-Disposition", "")
        is_page = "html" in response.headers.get("Content-Type", "")
        self.soup = BeautifulSoup(response.text if is_page else "", "html.parser")

    @property
    def path(self) -> str:
        """The path of its address."""
        return urlsplit(self.url).path

    @property
    def file_name(self) -> str:
        """The name under which a browser would save it; WalkFailed if it is a page and no file."""
        header = Message()
        header["Content-Disposition"] = self.disposition
        name = header.get_filename()
        if not name:
            raise WalkFailed(f"{self.url} answered with a page and not with a file: {self.heading()}")
        return name

    def heading(self) -> str:
        """The first heading."""
        return self.text_of("h1")

    def text_of(self, selector: str) -> str:
        """What the first tag of a CSS selector says, empty if there is none."""
        found = self.soup.select_one(selector)
        return words(found) if found else ""

    def link(self, text: str) -> str:
        """The absolute address behind a link with exactly these words."""
        for anchor in self.soup.find_all("a"):
            if words(anchor) == text:
                return urljoin(self.url, attribute(anchor, "href"))
        raise WalkFailed(f"The page “{self.heading()}” has no link “{text}”.")

    def has_link(self, text: str) -> bool:
        """Whether there is a link with exactly these words."""
        return any(words(anchor) == text for anchor in self.soup.find_all("a"))

    def facts(self) -> dict[str, str]:
        """Every term of the page's lists with what stands beside it."""
        pairs = ((term, term.find_next_sibling("dd")) for term in self.soup.find_all("dt"))
        return {words(term): words(value) for term, value in pairs if value}

    def has_field(self, name: str) -> bool:
        """Whether a form of the page asks for this."""
        return self.soup.select_one(f'[name="{name}"]') is not None

    def form(self, button: str) -> tuple[Tag, Tag]:
        """The form with this button, and the button."""
        for found in self.soup.find_all("button"):
            form = found.find_parent("form")
            if form is not None and words(found) == button:
                return form, found
        raise WalkFailed(f"The page “{self.heading()}” ({self.path}) has no button “{button}”.")


class Browser:
    """Cookies, and the way from page to page. `seconds` collects how long each answer took."""

    def __init__(self, base: str, seconds: list[float] | None = None) -> None:
        self.base, self.seconds = base, [] if seconds is None else seconds
        self.session = requests.Session()
        self.session.trust_env = False

    def open(self, address: str) -> Page:
        """GET an address (absolute, or of this site)."""
        return self._ask("GET", urljoin(self.base, address))

    def press(
        self,
        page: Page,
        button: str,
        values: Mapping[str, Value] | None = None,
        files: Mapping[str, File] | None = None,
    ) -> Page:
        """Fill a form of the page and press its button. WalkFailed if a field is missing or the answer is a refusal."""
        form, pressed = page.form(button)
        data = _filled(form, values or {}, f"“{page.heading()}” ({page.path})")
        if name := attribute(pressed, "name"):
            data.append((name, attribute(pressed, "value")))
        for name in files or {}:
            _demand(form, name, page.heading())
        address = urljoin(page.url, attribute(form, "action") or page.url)
        return self._ask("POST", address, data=data, files=files, headers={"Referer": page.url})

    def _ask(self, method: str, address: str, **more: Any) -> Page:
        end = time.monotonic() + BUSY_LIMIT
        while True:
            begun = time.monotonic()
            try:
                response = self.session.request(method, address, timeout=TIMEOUT, **more)
            except requests.RequestException as error:
                raise WalkFailed(f"{address} cannot be reached: {type(error).__name__}") from None
            self.seconds.append(time.monotonic() - begun)
            if response.status_code != 429 or time.monotonic() > end:
                return _readable(Page(response), method)
            time.sleep(BUSY_PAUSE)


def _readable(page: Page, method: str) -> Page:
    """The page, unless it is a refusal."""
    if page.status < 400:
        return page
    said = page.text_of(ERRORS) or page.text_of("main")[:400] or "nothing"
    raise WalkFailed(f"{method} {page.path} was answered with {page.status}. The page says: {said}")


def _demand(form: Tag, name: str, where: str) -> None:
    if form.select_one(f'[name="{name}"]') is None:
        raise WalkFailed(f"The form on {where} has no field “{name}”.")


def _filled(form: Tag, values: Mapping[str, Value], where: str) -> list[tuple[str, str]]:
    """What the form sends: what stood in it, and in its place what was typed, ticked or chosen."""
    for name in values:
        _demand(form, name, where)
    sent = [(name, value) for name, value in _standing(form) if name not in values]
    for name, value in values.items():
        sent += [(name, each) for each in _chosen(form, name, value, where)]
    return sent


def _standing(form: Tag) -> list[tuple[str, str]]:
    """Names and values as a browser would send them untouched."""
    found = [(attribute(each, "name"), _selected(each)) for each in form.find_all("select")]
    for field in form.find_all(["input", "textarea"]):
        name, kind = attribute(field, "name"), attribute(field, "type") or "text"
        unticked = kind in ("radio", "checkbox") and not field.has_attr("checked")
        if not name or unticked or kind in ("file", "submit", "button") or field.has_attr("disabled"):
            continue
        text = field.get_text().removeprefix("\n") if field.name == "textarea" else attribute(field, "value")
        found.append((name, text or ("on" if kind == "checkbox" else "")))
    return found


def _selected(field: Tag) -> str:
    """The value of a list that nobody touched: the option marked, else the first."""
    options = field.find_all("option")
    return attribute(next((each for each in options if each.has_attr("selected")), options[0]), "value")


def _chosen(form: Tag, name: str, value: Value, where: str) -> list[str]:
    """A value for a field, or the values of choices; WalkFailed if such a choice is not offered."""
    fields = form.find_all(["input", "textarea"], attrs={"name": name})
    offered = [
        attribute(field, "value") or "on"
        for field in fields
        if attribute(field, "type") in ("radio", "checkbox")
    ]
    for choices in form.find_all("select", attrs={"name": name}):
        offered += [attribute(option, "value") for option in choices.find_all("option")]
    if value is True:
        return offered[:1]
    wanted = [value] if isinstance(value, str) else list(value or [])
    if offered and not set(wanted) <= set(offered):
        raise WalkFailed(f"The form on {where} offers {offered} for “{name}”, not {wanted}.")
    return wanted
