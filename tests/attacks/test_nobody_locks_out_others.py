"""Wrong guesses must not keep out the person whose account it is, nor the colleagues behind the same address.

What a stranger learns from the answers is tested in tests/people/test_account_enumeration.py; passkeys as a browser
uses them in tests/browser.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from onboarding.people.models import User
from tests.people.totp_app import code_of, set_up
from tests.people_fixtures import PASSWORD, People, make_user
from tests.time_travel import travel
from tests.workers import send_mails

HERE, ELSEWHERE = "198.51.100.7", "203.0.113.1"
LOGIN, AGAIN, CODE = "/accounts/login/", "/accounts/reauthenticate/", "/accounts/2fa/authenticate/"
NEW = "another long phrase of mine"
WRONG = "not the password"
OFFICE = 200  # people behind one address


@pytest.fixture(autouse=True)
def nobody_guessed_before() -> Iterator[None]:
    """Counters live in the cache, which no test's end undoes."""
    cache.clear()
    yield
    cache.clear()


def at(address: str) -> Client:
    """A browser that was never here before, at this network address."""
    return Client(REMOTE_ADDR=address)


def sign_in(client: Client, user: User, password: str = PASSWORD) -> bool:
    """Type address and password; whether the first question of the sign-in is passed."""
    answer = client.post(LOGIN, {"login": user.email, "password": password})
    assert answer.status_code in (200, 302, 429), answer.status_code
    return bool(answer.status_code == 302)


def guess(user: User, times: int, address: str = ELSEWHERE) -> None:
    for _ in range(times):
        assert not sign_in(at(address), user, WRONG)


def guess_from_everywhere(user: User, networks: int = 51) -> None:
    """One wrong guess from each of so many networks."""
    for number in range(networks):
        guess(user, 1, f"203.0.{number}.9")


def known_browser(user: User, address: str = HERE) -> Client:
    """A browser in which this person signed in once and out again."""
    client = at(address)
    assert sign_in(client, user)
    client.post("/accounts/logout/")
    assert client.get("/").status_code == 302
    return client


def test_a_stranger_does_not_lock_the_owner_out(people: People) -> None:
    guess(people.alice, 8)
    assert sign_in(at(HERE), people.alice)


def test_a_guesser_does_not_go_on_from_another_address_of_his_network(people: People) -> None:
    for last in range(1, 7):
        guess(people.alice, 1, f"203.0.113.{last}")
    assert not sign_in(at("203.0.113.99"), people.alice)
    for last in range(6):
        guess(people.bob, 1, f"2001:db8:77:12{last}0::1")
    assert not sign_in(at("2001:db8:77:1299::5"), people.bob)
    assert sign_in(at("2001:db8:77:9900::5"), people.bob)
    guess(people.tess, 6, "::ffff:203.0.113.1")
    assert not sign_in(at("203.0.113.1"), people.tess)
    assert sign_in(at("::ffff:198.51.100.7"), people.tess)


def test_many_networks_together_do_not_guess_without_end(people: People) -> None:
    guess_from_everywhere(people.alice)
    assert not sign_in(at("192.0.2.1"), people.alice)
    assert sign_in(at("192.0.2.1"), people.bob)


def test_many_networks_together_do_not_lock_out_the_browser_that_was_signed_in_before(people: People) -> None:
    client = known_browser(people.alice)
    guess_from_everywhere(people.alice)
    assert not sign_in(at(HERE), people.alice), "the ceiling was not reached: this test shows nothing"
    assert sign_in(client, people.alice)


def test_a_known_browser_does_not_guess_without_end(people: People) -> None:
    client = known_browser(people.alice)
    for _ in range(5):
        assert not sign_in(client, people.alice, WRONG)
    assert not sign_in(client, people.alice)
    assert sign_in(at(ELSEWHERE), people.alice), "its wrong guesses are counted where they were made"


def test_a_known_browser_of_one_person_does_not_open_the_way_to_another(people: People) -> None:
    client = known_browser(people.bob)
    guess(people.alice, 6, HERE)
    assert not sign_in(client, people.alice)
    assert sign_in(client, people.bob)


def test_one_computer_is_not_known_to_one_person_only(people: People) -> None:
    client = known_browser(people.alice)
    assert sign_in(client, people.bob)
    client.post("/accounts/logout/")
    for each in (people.alice, people.bob):
        guess(each, 6, HERE)
        assert not sign_in(at(HERE), each)
        assert sign_in(client, each)
        client.post("/accounts/logout/")


def _what_is_kept(client: Client) -> dict[str, Any]:
    """The cookies that outlive the session."""
    return {name: cookie for name, cookie in client.cookies.items() if cookie["max-age"] and cookie.value}


def test_what_makes_a_browser_known_is_no_sign_in_and_cannot_be_read_or_forged(people: People) -> None:
    (name, cookie), *others = [
        (name, cookie)
        for name, cookie in _what_is_kept(known_browser(people.alice)).items()
        if "csrf" not in name
    ]
    assert others == []
    assert cookie["httponly"]
    assert int(cookie["max-age"]) >= 30 * 24 * 3600
    assert people.alice.email not in cookie.value
    guess(people.alice, 6, HERE)
    for value in (cookie.value[:-1] + "_", "e30:1:x", "", "x" * 5000, cookie.value.replace(":", "", 1)):
        client = at(HERE)
        client.cookies[name] = value
        assert not sign_in(client, people.alice), value
    client = at(HERE)
    client.cookies[name] = cookie.value
    assert client.get("/").status_code == 302
    assert sign_in(client, people.alice)


def test_a_known_browser_does_not_outlive_the_password(people: People) -> None:
    client = known_browser(people.alice)
    people.alice.set_password(NEW)
    people.alice.save()
    guess(people.alice, 6, HERE)
    assert not sign_in(client, people.alice, NEW)


def test_wrong_guesses_do_not_close_the_way_by_passkey(people: People) -> None:
    guess(people.alice, 8, HERE)
    for _ in range(30):
        answer = at(HERE).post("/accounts/2fa/webauthn/login/", {"credential": "{}"})
        assert (answer.status_code, answer["Location"]) == (302, LOGIN)


def test_an_office_at_nine_oclock_is_not_locked_out(people: People) -> None:
    staff = [make_user(f"p{number}@one.example", f"Person {number}") for number in range(OFFICE)]
    with travel(
        timezone.now(), tick=False, machine=True
    ) as clock:  # all in one minute, however slow this machine is
        for number, each in enumerate(staff):
            if number % 5 == 0:  # one in five mistypes
                assert not sign_in(at(HERE), each, WRONG)
            clock.shift(0.1)
            assert sign_in(at(HERE), each), f"person {number}"
            clock.shift(0.1)


def test_one_persons_wrong_guesses_do_not_lock_out_the_office(people: People) -> None:
    guess(people.bob, 15, HERE)
    assert sign_in(at(HERE), people.alice)
    assert not sign_in(at(HERE), people.bob)


def test_guessing_one_password_at_many_accounts_is_stopped(people: People) -> None:
    staff = [make_user(f"p{number}@one.example", f"Person {number}") for number in range(101)]
    for each in staff:
        assert not sign_in(at(HERE), each, WRONG)
    assert not sign_in(at(HERE), staff[-1])
    assert sign_in(at(ELSEWHERE), staff[-1])


def test_a_new_password_by_email_opens_the_way_at_once(people: People) -> None:
    guess(people.alice, 6, HERE)
    client = at(HERE)
    assert not sign_in(client, people.alice)
    client.post("/accounts/password/reset/", {"email": people.alice.email})
    send_mails()
    link = re.search(r"/accounts/password/reset/\S+", mail.outbox[-1].body)
    assert link
    page = client.get(link[0], follow=True)
    if 'name="password1"' not in page.text:  # a page whose button takes the link
        action = BeautifulSoup(page.text, "html.parser").select_one("main form")["action"]  # type: ignore[index]
        page = client.post(str(action) or page.request["PATH_INFO"], follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert sign_in(client, people.alice, NEW)


def _at_the_code(user: User, address: str) -> Client:
    client = at(address)
    assert sign_in(client, user)
    return client


def test_a_stolen_password_does_not_lock_the_owner_out_of_the_second_question(people: People) -> None:
    _, key, codes = set_up(people.alice)
    cache.clear()
    for _ in range(3):
        thief = _at_the_code(people.alice, ELSEWHERE)
        for _ in range(4):
            assert thief.post(CODE, {"code": "000000"}).status_code == 200
    assert thief.post(CODE, {"code": codes[0]}).status_code == 200, "the thief is stopped"
    assert _at_the_code(people.alice, HERE).post(CODE, {"code": code_of(key)}).status_code == 302


def test_codes_are_not_guessed_without_end_from_many_networks(people: People) -> None:
    _, key, codes = set_up(people.alice)
    client = at(HERE)
    sign_in(client, people.alice)
    client.post(CODE, {"code": codes[1]})
    client.post("/accounts/logout/")
    for number in range(30):
        _at_the_code(people.alice, f"203.0.{number}.9").post(CODE, {"code": "000000"})
    assert _at_the_code(people.alice, "192.0.2.1").post(CODE, {"code": code_of(key)}).status_code == 200
    assert sign_in(client, people.alice)
    assert client.post(CODE, {"code": code_of(key)}).status_code == 302, "a known browser is exempt"


def test_a_stranger_does_not_lock_the_owner_out_of_showing_again_that_it_is_them(people: People) -> None:
    client = at(HERE)
    assert sign_in(client, people.alice)
    guess(people.alice, 8, HERE)
    assert client.post(AGAIN, {"password": PASSWORD, "next": "/help/"}).status_code == 302


def test_one_session_does_not_lock_out_another_of_the_same_person(people: People) -> None:
    owner, thief = at(HERE), at(ELSEWHERE)
    assert sign_in(owner, people.alice)
    assert sign_in(thief, people.alice)
    for _ in range(15):
        thief.post(AGAIN, {"password": WRONG})
    assert thief.post(AGAIN, {"password": PASSWORD}).status_code in (200, 429)
    assert owner.post(AGAIN, {"password": PASSWORD}).status_code == 302
    change = {"oldpassword": WRONG, "password1": NEW, "password2": NEW}
    for _ in range(15):
        thief.post("/accounts/password/change/", change)
    assert owner.post("/accounts/password/change/", {**change, "oldpassword": PASSWORD}).status_code == 302


def test_a_refusal_says_how_long_and_what_to_do(people: People) -> None:
    guess(people.alice, 5)
    page = at(ELSEWHERE).post(LOGIN, {"login": people.alice.email, "password": PASSWORD}).text
    assert "Wait 5 minutes" in page
    for way in ("passkey", "new password"):
        assert way in page


def test_a_stranger_does_not_keep_the_owner_from_asking_for_a_new_password(people: People) -> None:
    for number in range(20):
        at(f"203.0.{number}.9").post("/accounts/password/reset/", {"email": people.alice.email})
    answer = at(HERE).post("/accounts/password/reset/", {"email": people.alice.email})
    assert (answer.status_code, answer.get("Location")) == (302, "/accounts/password/reset/done/")
    send_mails()
    assert 1 <= len([each for each in mail.outbox if each.to == [people.alice.email]]) <= 6
