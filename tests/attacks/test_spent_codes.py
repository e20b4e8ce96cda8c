"""A code of a code app must not open a second thing: not the one that set the app up, and not when Redis forgets.

RFC 6238 section 5.2: the verifier must not accept the second attempt of a code. What a code app is otherwise is tested
in tests/people.
"""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from onboarding.people.models import User
from tests.attacks.links import newest, press, reset_link, use
from tests.people.totp_app import code_of, key_on, password, set_up
from tests.people_fixtures import PASSWORD, People, fresh_client_of
from tests.time_travel import travel

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


def reset_by_mail(user: User, link: str) -> Client:
    """A new password by this link, in a browser of its own; PASSWORD again, so that the next step is the same."""
    browser, page = use(link)
    path = page.request["PATH_INFO"]
    assert browser.post(path, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302
    return browser


def wrong_codes(browser: Client, user: User, times: int) -> int:
    """How many of so many wrong codes are looked at, after the right password."""
    browser.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    pages = [browser.post(CODE, {"code": "000000"}).text for _ in range(times)]
    return sum("Too many wrong codes" not in page for page in pages)


def another_link(used: str) -> str:
    """What comes of the button for a new link behind a used one."""
    browser = Client()
    press(browser, browser.get(used, follow=True), "Send me a new link")
    return newest("/accounts/password/reset/key/")


def test_whoever_reads_the_mail_does_not_guess_codes_without_end(people: People) -> None:
    set_up(people.alice)
    cache.clear()
    link, used, looked_at = reset_link(people.alice), set(), 0
    for number in range(8):
        if link not in used:
            browser = reset_by_mail(people.alice, link)
            used.add(link)
            link = another_link(link)
        browser.defaults["REMOTE_ADDR"] = f"203.0.{number}.9"
        looked_at += wrong_codes(browser, people.alice, 5)
    assert looked_at <= 20, "the ceiling of the account"
    assert len(used) <= 6, "the ceiling of links"


def test_a_row_changed_by_sql_does_not_make_somebody_elses_app_the_right_one(people: People) -> None:
    _, own, _ = set_up(people.alice)
    _, thiefs, _ = set_up(people.bob)
    rows = Authenticator.objects.filter(type=Authenticator.Type.TOTP)
    other = rows.get(user=people.bob).data["secret"]
    rows.filter(user=people.alice).update(data={"secret": other})
    rows.filter(user=people.bob).update(data={})
    cache.clear()
    client, _ = password(people.alice)
    client.raise_request_exception = False
    for key in (own, thiefs):
        client.post(CODE, {"code": code_of(key)})
        assert client.get("/").status_code != 200
