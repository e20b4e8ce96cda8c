"""While Redis is away nobody is signed out, guessing stays impossible, and no page ends in an error of ours.

Real gunicorn, and a real Valkey that is stopped and started again under it.
"""

import time
from collections.abc import Iterator

import pytest

from tests.attacks.web_server import OPS, PASSWORD, VALKEY, Browser, WebServer, web

__all__ = ["web"]

NEW = "three random words"


@pytest.fixture
def away(web: WebServer) -> Iterator[Browser]:
    """Somebody who is signed in, with Valkey gone since."""
    browser = Browser(web)
    assert browser.sign_in().status_code == 302
    web.daemon.stop_server(VALKEY)
    yield browser
    web.daemon.start_server(VALKEY)
    web.wait_until_ready()


def test_what_counts_attempts_answers_with_a_page_that_says_what_to_do(away: Browser) -> None:
    nobody = Browser(away.web)
    nobody.page("/accounts/login/")
    for browser, path, typed in (
        (nobody, "/accounts/login/", {"login": OPS, "password": PASSWORD}),
        (nobody, "/accounts/password/reset/", {"email": OPS}),
        (away, "/accounts/reauthenticate/", {"password": PASSWORD}),
        (
            away,
            "/accounts/password/change/",
            {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
        ),
    ):
        begun = time.monotonic()
        answer = browser.submit(path, **typed)
        assert answer.status_code == 503, (path, answer.status_code)
        assert int(answer.headers["Retry-After"]) > 0
        assert "Nothing was changed" in answer.text
        assert "our fault" not in answer.text
        assert time.monotonic() - begun < 10, path


def test_pages_that_count_nothing_go_on(away: Browser) -> None:
    for path in ("/ops/", "/accounts/", "/accounts/login/", "/help/"):
        assert away.page(path).status_code in (200, 302), path


def test_it_is_not_taken_out_of_service(away: Browser) -> None:
    answer = away.page("/readyz")
    assert (answer.status_code, answer.text) == (200, "ok, without redis")


def test_nothing_was_changed_and_everything_works_again(web: WebServer) -> None:
    browser = Browser(web)
    assert browser.sign_in().status_code == 302
    web.daemon.stop_server(VALKEY)
    browser.submit("/accounts/password/change/", oldpassword=PASSWORD, password1=NEW, password2=NEW)
    web.daemon.start_server(VALKEY)
    web.wait_until_ready()
    assert browser.page("/ops/").status_code == 200
    assert Browser(web).sign_in().status_code == 302  # with the old password
