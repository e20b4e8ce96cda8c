"""A code of a code app must not open a second thing: not the one that set the app up, and not when Redis forgets.

RFC 6238 section 5.2: the verifier must not accept the second attempt of a code. What a code app is otherwise is tested
in tests/sign_in.
"""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from onboarding.people.models import User
from tests.people import People, fresh_client_of
from tests.sign_in.codes import code_of, key_on, password, set_up
from tests.travel import travel

ACTIVATE, CODE, AGAIN = (
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/authenticate/",
    "/accounts/2fa/reauthenticate/",
)


@pytest.fixture(autouse=True)
def nobody_guessed_before() -> Iterator[None]:
    """Counters live in the cache, which no test's end undoes."""
    cache.clear()
    yield
    cache.clear()


def set_up_with_the_present_code(user: User) -> tuple[str, str]:
    """The app's key, and the code that set it up."""
    client = fresh_client_of(user)
    key = key_on(client.get(ACTIVATE).text)
    code = code_of(key)
    assert client.post(ACTIVATE, {"code": code}).status_code == 302
    return key, code


def opens(user: User, code: str) -> bool:
    """Whether this code is the last answer that a sign-in needs."""
    client, to = password(user)
    assert to == CODE
    client.post(CODE, {"code": code})
    return bool(client.get("/").status_code == 200)


def test_the_code_that_sets_the_app_up_does_not_open_the_first_sign_in(people: People) -> None:
    with travel(timezone.now(), tick=False, machine=True):
        key, code = set_up_with_the_present_code(people.alice)
        assert not opens(people.alice, code)
        assert opens(people.alice, code_of(key, later=1)), "the next one does"


def test_the_code_that_sets_the_app_up_does_not_show_again_who_one_is(people: People) -> None:
    with travel(timezone.now(), tick=False, machine=True) as clock:
        client = fresh_client_of(people.alice)
        key = key_on(client.get(ACTIVATE).text)
        code = code_of(key)
        client.post(ACTIVATE, {"code": code})
        assert client.post(AGAIN, {"code": code}).status_code == 200
        clock.shift(30)
        assert client.post(AGAIN, {"code": code_of(key)}).status_code == 302


def test_a_used_code_does_not_open_again_when_redis_is_wiped(people: People) -> None:
    with travel(timezone.now(), tick=False, machine=True):
        _, key, _ = set_up(people.alice)
        code = code_of(key)
        assert opens(people.alice, code)
        cache.clear()
        assert not opens(people.alice, code)


def test_a_used_code_does_not_open_again_while_slow_telephones_are_still_believed(people: People) -> None:
    _, key, _ = set_up(people.alice)
    now = timezone.now()
    with travel(now, tick=False, machine=True):
        code = code_of(key)
        assert opens(people.alice, code)
    with travel(now + timedelta(seconds=31), tick=False, machine=True):
        cache.clear()  # Redis remembers a code for 30 seconds; it is right for 60 more
        assert not opens(people.alice, code)


def test_a_code_of_the_sign_in_does_not_show_again_who_one_is(people: People) -> None:
    with travel(timezone.now(), tick=False, machine=True) as clock:
        _, key, _ = set_up(people.alice)
        client, _ = password(people.alice)
        code = code_of(key)
        assert client.post(CODE, {"code": code}).status_code == 302
        cache.clear()
        assert client.post(AGAIN, {"code": code}).status_code == 200
        clock.shift(30)
        assert client.post(AGAIN, {"code": code_of(key)}).status_code == 302


def test_an_older_code_does_not_open_after_a_newer_one(people: People) -> None:
    with travel(timezone.now(), tick=False, machine=True):
        key, _ = set_up_with_the_present_code(people.alice)
        assert opens(people.alice, code_of(key, later=1))
        assert not opens(people.alice, code_of(key, later=-1))


@pytest.mark.django_db(transaction=True)
def test_of_two_sign_ins_with_one_code_at_once_only_one_is_opened(people: People) -> None:
    _, key, _ = set_up(people.alice)
    code = code_of(key)
    browsers = [password(people.alice)[0] for _ in range(4)]
    cache.clear()
    start = threading.Barrier(len(browsers))

    def press(client: Client) -> None:
        start.wait()
        cache.clear()  # as if Redis forgot at this very moment
        client.post(CODE, {"code": code})
        connection.close()

    threads = [threading.Thread(target=press, args=(client,)) for client in browsers]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sum(client.get("/").status_code == 200 for client in browsers) == 1
