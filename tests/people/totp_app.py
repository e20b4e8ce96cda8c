"""A code app as people have it on their telephone, and setting one up here.

What the portal does with a code is in the tests.
"""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from bs4 import BeautifulSoup
from django.test import Client

from onboarding.people.models import User
from tests.people_fixtures import PASSWORD, fresh_client_of

PERIOD = 30  # seconds that a code is shown


def code_of(secret: str, *, later: int = 0) -> str:
    """What the app shows now, or so many codes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD + later))


def wait_for_the_next_code() -> None:
    """Not in the last seconds of a code: the one before it would be two codes old when it arrives."""
    left = PERIOD - time.time() % PERIOD
    if left < 3:
        time.sleep(left)


def key_on(page: str) -> str:
    """The key that stands beside the picture."""
    return BeautifulSoup(page, "html.parser").select_one(".app-copyable code").text


def set_up(user: User) -> tuple[Client, str, list[str]]:
    """Set up a code app through the pages: the browser, the app's key, the recovery codes.

    The code before the present one does it, as on a telephone that is slow: the present one is still to be used.
    """
    client = fresh_client_of(user)
    key = key_on(client.get("/accounts/2fa/totp/activate/").text)
    wait_for_the_next_code()
    done = client.post("/accounts/2fa/totp/activate/", {"code": code_of(key, later=-1)}, follow=True)
    codes = BeautifulSoup(done.content, "html.parser").select("#recovery-codes code")
    return client, key, [each.text for each in codes]


def password(user: User, client: Client | None = None) -> tuple[Client, str]:
    """The first half of the sign-in: the browser, and where it is sent."""
    client = client or Client()
    answer = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client, answer.get("Location", "")
