"""While PostgreSQL is away no page blames the reader, none blames the portal's programmers, and none promises too much.

Real gunicorn, and a real PostgreSQL that is stopped and started again under it.
"""

from collections.abc import Iterator

import pytest
import requests
from django.db import DataError, OperationalError, connection

from tests.attacks.web_server import POSTGRES, Browser, WebServer, web

__all__ = ["web"]

PAGES = ("/", "/ops/", "/accounts/login/", "/help/", "/no/such/page/", "/companies/one/team/")
POSTS = ("/accounts/login/", "/accounts/logout/", "/companies/add/", "/accounts/password/reset/")


@pytest.fixture
def signed_in(web: WebServer) -> Browser:
    browser = Browser(web)
    assert browser.sign_in().status_code == 302
    assert browser.page("/ops/").status_code == 200
    return browser


@pytest.fixture
def away(web: WebServer, signed_in: Browser) -> Iterator[Browser]:
    """Somebody who is signed in, with the database gone since."""
    web.daemon.stop_server(POSTGRES)
    yield signed_in
    web.daemon.start_server(POSTGRES)
    web.wait_until_ready()


def _says_that_it_is_away(answer: requests.Response) -> None:
    assert answer.status_code == 503, (answer.request.method, answer.url, answer.status_code)
    assert int(answer.headers["Retry-After"]) > 0
    assert "The portal cannot answer at the moment" in answer.text
    assert "database does not answer" in answer.text
    assert "our fault" not in answer.text
    assert "damaged" not in answer.text
    assert "Content-Security-Policy" in answer.headers


def test_no_page_says_that_it_is_anybodys_fault(away: Browser) -> None:
    for _ in range(2):  # the first finds a connection that broke, the others none at all
        for path in PAGES:
            answer = away.page(path)
            if path != "/help/" or answer.status_code != 200:
                _says_that_it_is_away(answer)


def test_no_post_says_that_the_browser_sent_something_damaged(away: Browser) -> None:
    for _ in range(2):
        for path in POSTS:
            _says_that_it_is_away(away.submit(path, login="x@y.example", password="x", name="N"))


def test_the_machine_checks_tell_it_and_the_process_lives(away: Browser) -> None:
    machine = Browser(away.web)
    ready = machine.page("/readyz")
    assert (ready.status_code, ready.text) == (503, "not ready")
    assert machine.page("/healthz").status_code == 200
    for path, status in (("/readyz", 503), ("/healthz", 200)):
        answer = machine.session.head(away.web.address + path, timeout=60)
        assert (answer.status_code, answer.content) == (status, b"")


def test_nobody_is_signed_out_by_it(web: WebServer, signed_in: Browser) -> None:
    web.daemon.stop_server(POSTGRES)
    _says_that_it_is_away(signed_in.page("/ops/"))
    web.daemon.start_server(POSTGRES)
    web.wait_until_ready()
    assert signed_in.page("/ops/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("SELECT 1/0", DataError),
        ("SET LOCAL statement_timeout = 10; SELECT pg_sleep(5)", OperationalError),
    ],
)
def test_a_mistake_of_the_programmers_is_not_called_an_outage(statement: str, kind: type[Exception]) -> None:
    from onboarding.ui.error_views import find_unavailable_service

    with pytest.raises(kind) as caught, connection.cursor() as cursor:
        cursor.execute(statement)
    assert find_unavailable_service(caught.value) is None
