"""Links with a key in them, as they stand in emails: used once, by a button, and then held by one browser for an hour.

What of them stands in logs is in test_links_in_logs.py; the race of two real browsers is in tests/browser.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from onboarding.people.models import Invitation, User
from tests.attacks.links import (
    NEW,
    PHRASE,
    buttons_on,
    invitation_link,
    join,
    newest,
    press,
    reset_link,
    token_in,
    use,
)
from tests.concurrency import race
from tests.journey.form_client import sentences_of
from tests.people_fixtures import PASSWORD, People, client_of, fresh_client_of
from tests.time_travel import travel

CHOOSE = "/accounts/password/reset/choose/"
NEW_LINK = "Send me a new link"


@pytest.fixture(autouse=True)
def nobody_asked_before() -> Iterator[None]:
    """Counters of questions live in the cache, which no test's end undoes."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(params=["invitation", "reset"])
def link(request: pytest.FixtureRequest, people: People) -> str:
    """One of each kind."""
    return invitation_link(people) if request.param == "invitation" else reset_link(people.alice)


def _everything() -> dict[str, Any]:
    """Each table but that of the sessions."""
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            if table != "django_session":
                cursor.execute(f'SELECT * FROM "{table}"')
                found[table] = sorted(map(str, cursor.fetchall()))
        return found


def _chose(browser: Client, phrase: str = PHRASE) -> bool:
    """Whether this browser can set Alice's password, at today's address or at that of an older portal."""
    alice = User.objects.get(email="alice@one.example")
    for address in (CHOOSE, f"/accounts/password/reset/key/{alice.pk.hex}-set-password/"):
        browser.post(address, {"password1": phrase, "password2": phrase})
    alice.refresh_from_db()
    return alice.check_password(phrase)


def _can_go_on(browser: Client, link: str) -> bool:
    """Whether this browser may do what the link is for."""
    if "/invitations/" in link:
        join(browser)
        return Invitation.objects.exclude(accepted_at=None).exists()
    return _chose(browser)


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_mail_gateway_that_opens_every_link_uses_nothing_up(link: str, method: str) -> None:
    before = _everything()
    for _ in range(3):
        browser = Client()
        away = getattr(browser, method)(link)
        assert (away.status_code, away.content) == (302, b"")
        answer = getattr(browser, method)(away["Location"])
        assert (answer.status_code, bool(answer.content)) == (200, method == "get")
    assert _everything() == before
    browser, _ = use(link)
    assert _can_go_on(browser, link)


def test_having_opened_a_link_is_not_having_used_it(link: str) -> None:
    browser = Client()
    browser.get(link, follow=True)
    assert not _can_go_on(browser, link)


def test_a_link_that_one_browser_used_is_worth_nothing_in_another(link: str) -> None:
    owner, _ = use(link)
    thief = Client()
    page = thief.get(link, follow=True)
    assert (page.status_code, buttons_on(page)) == (409, {NEW_LINK})
    assert "This link has been used already" in sentences_of(page)
    assert not _can_go_on(thief, link)
    assert _can_go_on(owner, link)


def test_a_link_is_not_used_twice_by_two_who_press_at_once(link: str) -> None:
    browsers = [Client() for _ in range(2)]
    pages = [each.get(link, follow=True) for each in browsers]
    answers = [press(browser, page, "Continue") for browser, page in zip(browsers, pages, strict=True)]
    assert [each.status_code for each in answers] == [200, 409]
    assert buttons_on(answers[1]) == {NEW_LINK}
    assert [_can_go_on(each, link) for each in reversed(browsers)] == [False, True]


@pytest.mark.django_db(transaction=True)
def test_of_five_that_press_in_the_same_moment_one_wins(link: str) -> None:
    browsers = [Client() for _ in range(5)]
    pages = [each.get(link, follow=True) for each in browsers]
    answers = race(
        *[partial(press, browser, page, "Continue") for browser, page in zip(browsers, pages, strict=True)]
    )
    assert sorted(each.status_code for each in answers) == [200, 409, 409, 409, 409]


def test_who_came_too_late_is_sent_a_new_link_and_the_old_one_stays_dead(link: str) -> None:
    owner, _ = use(link)
    late = Client()
    sent_before = len(mail.outbox)
    press(late, late.get(link, follow=True), NEW_LINK)
    again = newest(link.rsplit("/", 2)[0])
    assert again != link
    assert [each.to for each in mail.outbox[sent_before:]] == [mail.outbox[sent_before - 1].to]
    assert "Continue" not in buttons_on(Client().get(link, follow=True))
    late, _ = use(again)
    assert not _can_go_on(owner, link), "who used the older link holds nothing any more"
    assert _can_go_on(late, again)


def test_a_used_link_does_not_send_emails_without_end(link: str) -> None:
    use(link)
    page = Client().get(link, follow=True)
    before = len(mail.outbox)
    for _ in range(10):
        browser = Client()
        browser.get(link, follow=True)
        where = "/invitations/new-link/" if "/invitations/" in link else "/accounts/password/reset/link/new/"
        assert browser.post(where).status_code in (302, 409)
    newest("/")
    assert len(mail.outbox) == before + 1
    assert buttons_on(page) == {NEW_LINK}


def test_a_new_link_that_was_not_used_yet_does_not_stop_who_holds_the_old_one(link: str) -> None:
    """Whoever has found a used link in a log cannot disturb its owner by asking for others."""
    owner, _ = use(link)
    thief = Client()
    press(thief, thief.get(link, follow=True), NEW_LINK)
    assert _can_go_on(owner, link)


def test_a_link_is_not_held_for_longer_than_an_hour(link: str) -> None:
    browser, _ = use(link)
    with travel(timezone.now() + timedelta(minutes=61), machine=True):
        assert not _can_go_on(browser, link)
        assert buttons_on(browser.get(link, follow=True)) == {NEW_LINK}


def test_a_session_that_somebody_knew_before_holds_no_link_afterwards(link: str) -> None:
    browser = Client()
    browser.get(link, follow=True)
    known = browser.cookies["sessionid"].value
    use(link, browser)
    thief = Client()
    thief.cookies["sessionid"] = known
    assert not _can_go_on(thief, link)
    assert _can_go_on(browser, link)


def test_no_page_is_shown_at_an_address_with_a_token_in_it(link: str) -> None:
    """A page there would ask for its style sheet with the token as referrer, and stay in the browser's history."""
    browser = Client()
    for method in ("get", "head"):
        answer = getattr(browser, method)(link)
        assert (answer.status_code, answer.content) == (302, b"")
        assert token_in(link) not in answer["Location"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]
    page = browser.get(link, follow=True)
    assert token_in(link) not in page.text
    assert "no-store" in page["Cache-Control"]


def test_a_link_that_was_made_up_tells_nobody_who_has_an_account(people: People) -> None:
    real = token_in(reset_link(people.alice))
    uid, _, token = real.partition("-")
    nobody = "0" * len(uid)
    made_up = [f"{who}-{token[:-4]}aaaa" for who in (uid, nobody)] + [f"{nobody}-{token}", "1-wrong"]
    sent = len(mail.outbox)
    found = set()
    for each in made_up:
        browser = Client()
        page = browser.get(f"/accounts/password/reset/key/{each}/", follow=True)
        asked = browser.post("/accounts/password/reset/link/new/")
        found.add((page.status_code, sentences_of(page), asked.status_code, asked.get("Location")))
    assert len(found) == 1
    assert found.pop()[2:] == (302, "/accounts/password/reset/done/")
    assert len(mail.outbox) == sent


def test_one_link_for_a_password_does_not_outlive_another_that_was_used(people: People) -> None:
    with travel(timezone.now() - timedelta(minutes=5), machine=True):
        first = reset_link(people.alice)
    second = reset_link(people.alice)
    assert first != second
    use(second)
    assert "Continue" not in buttons_on(Client().get(first, follow=True))


def test_a_password_is_not_set_twice_by_one_link(people: People) -> None:
    browser, _ = use(reset_link(people.alice))
    assert _chose(browser)
    assert not _chose(browser, "another long phrase of mine")


def test_a_held_link_does_not_undo_a_password_that_was_changed_meanwhile(people: People) -> None:
    thief, _ = use(reset_link(people.alice))
    owner = fresh_client_of(people.alice)
    changed = "the owner was quicker than that"
    owner.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": changed, "password2": changed},
    )
    people.alice.refresh_from_db()
    assert people.alice.check_password(changed)
    assert not _chose(thief)


def test_a_closed_account_gets_no_password_by_a_link(people: People) -> None:
    link = reset_link(people.alice)
    browser, _ = use(link)
    User.objects.filter(pk=people.alice.pk).update(is_active=False)
    assert not _chose(browser)
    assert "Continue" not in buttons_on(Client().get(link, follow=True))


def test_a_link_for_one_person_does_not_change_the_session_of_another(people: People) -> None:
    browser = client_of(people.bob)
    link = reset_link(people.alice)
    browser.get(link, follow=True)
    assert browser.get("/accounts/").status_code == 200, "opening it signs nobody out"
    use(link, browser)
    assert browser.get("/accounts/").status_code == 302, "Bob is signed out before Alice's password is chosen"
    assert _chose(browser)


def test_an_invitation_is_not_used_up_by_somebody_whom_it_does_not_invite(people: People) -> None:
    link = invitation_link(people)
    charlie = client_of(people.charlie)
    assert "Continue" not in buttons_on(charlie.get(link, follow=True))
    assert charlie.post("/invitations/use/").status_code == 409
    browser, _ = use(link)
    assert _can_go_on(browser, link)


@pytest.mark.parametrize("verb", ["resend", "withdraw"])
def test_who_holds_an_invitation_does_not_join_after_it_was_taken_back(people: People, verb: str) -> None:
    link = invitation_link(people)
    browser, _ = use(link)
    pk = Invitation.objects.get().pk
    done = fresh_client_of(people.alice).post(f"/companies/one/invitations/{pk}/{verb}/")
    assert done.status_code == 302
    assert join(browser).status_code == 409
    assert not User.objects.filter(email=NEW).exists()


def test_somebody_with_an_account_does_not_accept_with_a_link_that_another_used(people: People) -> None:
    link = invitation_link(people, people.charlie.email)
    use(link)
    late = client_of(people.charlie)
    assert buttons_on(late.get(link, follow=True)) == {NEW_LINK}
    assert late.post("/invitations/accept/").status_code == 409
    assert not people.one.memberships.filter(user=people.charlie).exists()
    press(late, late.get(link, follow=True), NEW_LINK)
    _, page = use(newest("/invitations/"), late)
    press(late, page, "Accept the invitation")
    assert people.one.memberships.filter(user=people.charlie).exists()


def test_no_link_confirms_an_address(people: People) -> None:
    """Nobody changes an address here, so nothing makes such a link, and none is taken."""
    for method in ("get", "head", "post"):
        for browser, status in ((client_of(people.alice), 404), (Client(), 302)):  # 302: to the sign-in
            answer = getattr(browser, method)("/accounts/confirm-email/MQ:1abcde:xyz/")
            assert answer.status_code == status
