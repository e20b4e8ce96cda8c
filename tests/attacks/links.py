"""Links as they come by email, and browsers that open them and press the one button behind them.

Everything goes through public addresses, so that the same tests can be run against an older portal.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.core import mail
from django.test import Client

from certs import clock
from onboarding.notifications import sending
from onboarding.people.models import User
from tests.journey.form_client import soup, values_of
from tests.people_fixtures import People, fresh_client_of
from tests.time_travel import travel

NEW = "nora@new.example"
PHRASE = "correct horse battery"
BOTH = {"password1": PHRASE, "password2": PHRASE}


def newest(part: str, minutes: int = 0) -> str:
    """The path of the newest link with this part in it, of all the emails that have left after so many minutes."""
    with travel(clock.now() + timedelta(minutes=minutes)):
        for pk in sending.find_due_emails():
            sending.send_email(pk)
    words = [word for letter in mail.outbox for word in letter.body.split() if part in word]
    assert words, "no such link was sent"
    return urlsplit(words[-1]).path


def invitation_link(people: People, email: str = NEW) -> str:
    """Alice invites the address as a Certificate Admin."""
    sent = fresh_client_of(people.alice).post(
        "/companies/one/team/invite/", {"email": email, "role": "admin"}
    )
    assert sent.status_code == 302
    return newest("/invitations/")


def reset_link(user: User) -> str:
    """The person asks for a new password."""
    assert Client().post("/accounts/password/reset/", {"email": user.email}).status_code == 302
    return newest("/accounts/password/reset/key/")


def token_in(link: str) -> str:
    """What of a link's path is the key."""
    return link.rstrip("/").rsplit("/", 1)[1]


def press(browser: Client, page: Any, button: str) -> Any:
    """Press the button on the page that was answered, and go where it leads."""
    for form in soup(page).select("main form[method=post]"):
        if any(each.get_text(strip=True) == button for each in form.select("button")):
            return browser.post(str(form["action"]), values_of(form), follow=True)
    raise AssertionError(f"no button “{button}” on: {soup(page).get_text(' ', strip=True)[:400]}")


def buttons_on(page: Any) -> set[str]:
    """What can be pressed in the main part of a page."""
    return {each.get_text(strip=True) for each in soup(page).select("main button")}


def use(link: str, browser: Client | None = None) -> tuple[Client, Any]:
    """Open the link in a browser of its own and go on: the browser, and the page that comes.

    An older portal has no such button: there, having opened the link is all.
    """
    browser = browser or Client()
    page = browser.get(link, follow=True)
    return browser, press(browser, page, "Continue") if "Continue" in buttons_on(page) else page


def join(browser: Client, name: str = "Nora New") -> Any:
    """Send the form for somebody new, whether it was shown or not."""
    return browser.post("/invitations/join/", {"name": name, **BOTH})
