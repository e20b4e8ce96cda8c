"""Whoever knocks learns nothing about who has an account: same status, same page, much the same time; and not for long.

Signing in itself is tested in test_constraints.py of tests/people.
"""

import re
from statistics import median
from time import perf_counter

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from onboarding.notifications.models import OutboxEmail
from onboarding.people.models import User
from tests.people.totp_app import set_up
from tests.people_fixtures import PASSWORD
from tests.time_travel import travel
from tests.workers import send_mails

NOBODY = "nobody@one.example"
STOPPED = "Too many wrong passwords were tried from here. Wait 5 minutes"
TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=)"[^"]+"')
ROUNDS = 15


@pytest.fixture
def addresses(people) -> list[str]:
    """Known, unknown, invited and without a password yet, closed, in another case, with a code app."""
    User.objects.create_user("new@one.example", None, name="New")
    people.charlie.is_active = False
    people.charlie.save()
    set_up(people.bob)
    cache.clear()
    mail.outbox.clear()
    known = people.alice.email
    return [known, NOBODY, "new@one.example", people.charlie.email, known.upper(), people.bob.email]


def _answer(path: str, **typed: str) -> tuple[int, str, str]:
    """Status, where it sends one, and the page without what differs in each page or was typed."""
    answer = Client().post(path, typed)
    page = TOKEN.sub(r"\1", answer.text)
    for text in typed.values():
        page = page.replace(text, "...").replace(text.lower(), "...")
    return answer.status_code, answer.get("Location", ""), page


def test_a_wrong_password_gets_one_answer_whoever_it_is_for(addresses) -> None:
    found = {_answer("/accounts/login/", login=each, password="not the password") for each in addresses}
    assert len(found) == 1
    ((status, _, page),) = found
    assert status == 200
    assert "The email address and/or password you specified are not correct" in page


def test_asking_for_a_new_password_gets_one_answer_whoever_asks(addresses) -> None:
    found = {_answer("/accounts/password/reset/", email=each) for each in addresses}
    assert found == {(302, "/accounts/password/reset/done/", "")}


def test_only_somebody_with_an_account_gets_a_link(people) -> None:
    for address in (people.alice.email, NOBODY):
        Client().post("/accounts/password/reset/", {"email": address})
    send_mails()
    with_link = [each.to for each in mail.outbox if "/accounts/password/reset/key/" in each.body]
    assert with_link == [[people.alice.email]]
    assert len(mail.outbox) == 1  # a stranger's mailbox is not written to


def _seconds(login: str) -> float:
    started = perf_counter()
    Client().post("/accounts/login/", {"login": login, "password": "not the password"})
    return perf_counter() - started


def test_an_unknown_address_takes_as_long_as_a_wrong_password(real_passwords, addresses) -> None:
    spent: dict[str, list[float]] = {each: [] for each in addresses[:3]}
    for _ in range(ROUNDS):
        for each in spent:
            cache.clear()
            spent[each].append(_seconds(each))
    known, *others = (median(times) for times in spent.values())
    assert all(0.6 < other / known < 1.6 for other in others), spent


def test_guessing_one_persons_password_is_stopped_and_nobody_is_locked_out_for_good(people) -> None:
    guess = {"login": people.alice.email, "password": "not the password"}
    for _ in range(6):
        last = Client().post("/accounts/login/", guess)
    assert STOPPED in last.text
    right = {**guess, "password": PASSWORD}
    assert STOPPED in Client().post("/accounts/login/", right).text
    cache.clear()  # as the minutes do
    assert Client().post("/accounts/login/", right).status_code == 302


def test_guessing_addresses_is_stopped_too_and_says_the_same(people) -> None:
    def last_of(login: str) -> str:
        cache.clear()
        for _ in range(6):
            status, _, page = _answer("/accounts/login/", login=login, password="not the password")
        return f"{status} {page}"

    assert last_of(people.alice.email) == last_of(NOBODY)


def test_asking_for_passwords_is_stopped(people) -> None:
    answers = [
        Client().post("/accounts/password/reset/", {"email": people.alice.email}).status_code
        for _ in range(30)
    ]
    assert answers[0] == 302
    assert answers[-1] == 429
    assert OutboxEmail.objects.count() <= 20


def test_passkeys_are_not_tried_without_end(people) -> None:
    client = Client()
    with travel(timezone.now(), tick=False, machine=True):
        tries = [
            client.post("/accounts/2fa/webauthn/login/", {"credential": "{}"}).status_code for _ in range(301)
        ]
    assert tries == [302] * 300 + [429]
