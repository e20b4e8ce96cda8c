"""Reading a page and pressing its buttons as a browser does: what a form does not hold is not sent.

What is typed comes from step_actions.py.
"""

from functools import lru_cache
from typing import Any

from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import UploadedFile
from django.test import Client

from onboarding.people.models import User
from tests.people_fixtures import PASSWORD, Browser, client_of


def soup(answer: Any) -> BeautifulSoup:
    """The page as a tree, to be read and not changed."""
    return _parse(answer.content)


@lru_cache(maxsize=4)  # a page is asked several things, one after the other
def _parse(content: bytes) -> BeautifulSoup:
    return BeautifulSoup(content, "html.parser")


def words(answer: Any) -> str:
    """What a person reads on it, without line breaks."""
    return " ".join(soup(answer).get_text(" ").split())


def sentences_of(answer: Any) -> str:
    """What a person reads in the page's main part."""
    main = soup(answer).find("main")
    assert main is not None
    return " ".join(main.get_text(" ").split())


def values_of(form: Tag) -> dict[str, Any]:
    """What a form would send as it stands on the page, without its buttons."""
    found: dict[str, Any] = {}
    for box in form.select("input[name], textarea[name]"):
        name, kind = str(box["name"]), box.get("type", "text")
        if kind in ("radio", "checkbox"):
            if box.has_attr("checked"):
                found[name] = box.get("value", "on")
        elif kind not in ("file", "submit", "button"):
            found[name] = (
                box.get_text().removeprefix("\n") if box.name == "textarea" else box.get("value", "")
            )
    for box in form.select("select[name]"):
        found[str(box["name"])] = (box.select("option[selected]") or box.select("option"))[0]["value"]
    return found


def form_on(answer: Any, path: str) -> Tag:
    """The page's form that is sent to this address."""
    forms = [form for form in soup(answer).select("form[method=post]") if form.get("action", path) == path]
    assert forms, f"no form for {path}: {words(answer)[:300]}"
    return forms[0]


WAYS = {"own": "openssl"}  # what a form sends as its way: the way's name, where that is another one


def open_way(client: Client, shown: Any, sends: str) -> Any:
    """From a step's page by its links to the way whose form sends this; other pages are left as they are."""
    page = soup(shown)
    if back := page.select_one('#your-part a[href$="/ways/"]'):
        if page.select_one(f'#your-part input[name=way][value="{sends}"]'):
            return shown
        page = soup(client.get(str(back["href"])))
    link = page.select_one(f'.app-ways a[href$="/ways/{WAYS.get(sends, sends)}/"]')
    return client.get(str(link["href"])) if link else shown


def press(client: Client, page: str, path: str, typed: dict[str, Any], **buttons: str) -> Any:
    """Open `page`, fill in the form that goes to `path`, send it, and go through Check your answers if it comes."""
    shown = open_way(client, client.get(page), str(typed.get("way", "")))
    form = form_on(shown, path)
    boxes = {str(box["name"]) for box in form.select("input[name], textarea[name], select[name]")}
    assert set(typed) <= boxes, f"not on the page: {sorted(set(typed) - boxes)}"
    kept = {name: value for name, value in values_of(form).items() if name not in typed}
    answer = client.post(path, {**kept, **typed, **buttons})
    if answer.status_code == 200 and b"Check your answers" in answer.content:
        again = values_of(form_on(answer, path))
        assert not any(isinstance(value, UploadedFile) for value in typed.values())
        answer = client.post(path, {**again, "action": "send"})
    return answer


def sign_in(user: User, client: Client | None = None, then: str = "") -> Client:
    """Sign in through the page, as fresh as the secrets ask for it."""
    client = client or Browser()
    address = f"/accounts/login/?next={then}" if then else "/accounts/login/"
    form = values_of(form_on(client.get(address), "/accounts/login/"))
    answer = client.post("/accounts/login/", {**form, "login": user.email, "password": PASSWORD})
    assert answer.status_code == 302, words(answer)
    return client


def sign_in_again(client: Client, page: str) -> Any:
    """Ask for a page that gives a secret, type the password as it demands, and come back to it."""
    asked = client.get(page)
    assert asked["Location"].startswith("/accounts/reauthenticate/?next=")
    form = values_of(form_on(client.get(asked["Location"]), "/accounts/reauthenticate/"))
    back = client.post("/accounts/reauthenticate/", {**form, "password": PASSWORD})
    assert (back.status_code, back["Location"]) == (302, page)
    return client.get(page)


def signed_out(user: User) -> Client:
    """A browser of this person, whose session has ended without its knowing."""
    client = client_of(user)
    client.get("/help/about/")
    Session.objects.filter(session_key=client.cookies[settings.SESSION_COOKIE_NAME].value).delete()
    return client
