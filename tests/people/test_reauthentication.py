"""A fresh sign-in, as it is demanded before secrets, roles and grants: how long it lasts, and what happens to a post.

Where the organisation's sign-in is the only one is tested in test_oidc.py, passkeys in tests/browser.
"""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from certs import clock
from tests.people.totp_app import password
from tests.people_fixtures import PASSWORD, client_of, fresh_client_of
from tests.time_travel import travel

ASKED = "/accounts/reauthenticate/?next="


@pytest.fixture
def secret(people, onboarding) -> str:
    return reverse("journey:bundle", args=[onboarding.code])


def test_having_signed_in_is_not_enough(people, secret) -> None:
    client, _ = password(people.alice)
    assert client.get(secret)["Location"] == ASKED + quote(secret, safe="")


def test_it_lasts_five_minutes(people, secret) -> None:
    client = fresh_client_of(people.alice)
    for minutes, status in ((0, 200), (4.9, 200), (5.1, 302)):
        with travel(clock.now() + timedelta(minutes=minutes), machine=True):
            assert client.get(secret).status_code == status, minutes


def test_a_wrong_password_is_not_fresh(people, secret) -> None:
    client = client_of(people.alice)
    client.get(secret)
    wrong = client.post("/accounts/reauthenticate/", {"password": "not the password", "next": secret})
    assert (wrong.status_code, client.get(secret).status_code) == (200, 302)


def test_a_post_is_kept_and_done_afterwards(people, secret) -> None:
    client = client_of(people.alice)
    assert client.post(secret, {"format": "no such kind"})["Location"].startswith(ASKED)
    done = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": secret})
    assert (done.status_code, "Choose one of the kinds of file" in done.text) == (400, False)


def test_one_persons_freshness_is_not_anothers(people, secret) -> None:
    fresh_client_of(people.alice)
    assert client_of(people.bob).get(secret).status_code == 302
    assert Client().get(secret)["Location"] == f"/accounts/login/?next={secret}"


def _post(client: Client, secret: str) -> None:
    assert client.post(secret, {"format": "no such kind"})["Location"].startswith(ASKED)


def _prove(client: Client, secret: str) -> HttpResponse:
    return client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": secret})


def test_what_was_posted_is_said_before_it_is_done(people, secret) -> None:
    client = client_of(people.alice)
    told = "What you sent just now is done"
    assert told not in client.get(ASKED + secret).text
    _post(client, secret)
    assert told in client.get(ASKED + secret).text


@pytest.mark.parametrize("opened", ["the page itself", "another page"])
def test_who_goes_elsewhere_meanwhile_has_given_it_up(people, secret, opened: str) -> None:
    client = client_of(people.alice)
    _post(client, secret)
    client.get(secret if opened == "the page itself" else "/help/")
    done = _prove(client, secret)
    assert (done.status_code, done["Location"]) == (302, secret)


def test_who_waits_too_long_has_given_it_up(people, secret) -> None:
    client = client_of(people.alice)
    _post(client, secret)
    with travel(clock.now() + timedelta(minutes=5.1), machine=True):
        assert _prove(client, secret).status_code == 302


def test_a_part_of_a_page_that_refreshes_itself_gives_nothing_up(people, secret) -> None:
    client = client_of(people.alice)
    _post(client, secret)
    client.get("/help/", headers={"hx-request": "true"})
    assert _prove(client, secret).status_code == 400  # the post was done


def test_no_cookie_is_kept_with_it(people, secret) -> None:
    client = client_of(people.alice)
    _post(client, secret)
    kept = str(dict(client.session.items()))
    assert "no+such+kind" in kept
    assert client.session.session_key not in kept
    assert "HTTP_COOKIE" not in kept
