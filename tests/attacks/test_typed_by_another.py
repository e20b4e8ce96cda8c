"""At a shared computer: what somebody typed before their session ended is not for the next one who signs in there.

The safety check (CSRF) is on here: by it a page that was open before another sign-in can send nothing.
"""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from onboarding.journey.models import Onboarding
from onboarding.people import last_person
from onboarding.ui.sent_forms import KEY
from tests.journey.form_client import form_on, values_of
from tests.people_fixtures import PASSWORD, People

TYPED = "Only for those who worked on it"


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def _sign_in(browser: Client, email: str, then: str) -> Any:
    address = f"/accounts/login/?next={then}"
    form = values_of(form_on(browser.get(address), "/accounts/login/"))
    return browser.post("/accounts/login/", {**form, "login": email, "password": PASSWORD})


def _open_withdrawal(browser: Client, people: People, onboarding: Onboarding) -> tuple[str, dict[str, str]]:
    """(address, what its form holds) of a page that Alice has open."""
    page = f"/onboardings/{onboarding.code}/withdraw/"
    _sign_in(browser, people.alice.email, page)
    return page, {**values_of(form_on(browser.get(page), page)), "reason": TYPED}


def test_whoever_signs_in_next_gets_nothing_and_it_is_gone(
    browser: Client, people: People, onboarding: Onboarding
) -> None:
    page, form = _open_withdrawal(browser, people, onboarding)
    Session.objects.all().delete()
    assert "/accounts/login/" in browser.post(page, form)["Location"]
    assert TYPED in str(browser.session[KEY])
    _sign_in(browser, people.olga.email, page)  # who may open the page, too
    answer = browser.get(page)
    assert answer.status_code == 200
    assert TYPED not in answer.content.decode()
    assert TYPED not in str(dict(browser.session.items()))


def test_it_is_there_for_the_one_who_typed_it(
    browser: Client, people: People, onboarding: Onboarding
) -> None:
    page, form = _open_withdrawal(browser, people, onboarding)
    Session.objects.all().delete()
    browser.post(page, form)
    _sign_in(browser, people.alice.email, page)
    assert TYPED in browser.get(page).content.decode()


def test_a_page_from_before_another_sign_in_sends_nothing(
    browser: Client, people: People, onboarding: Onboarding
) -> None:
    """Else what Alice typed would count as Olga's, who was signed in last."""
    page, form = _open_withdrawal(browser, people, onboarding)
    Session.objects.all().delete()
    _sign_in(browser, people.olga.email, page)
    Session.objects.all().delete()
    assert browser.post(page, form).status_code == 403
    assert not Session.objects.exists()


def test_a_page_of_another_keeps_nothing_for_who_is_signed_in_now(
    browser: Client, people: People, onboarding: Onboarding
) -> None:
    page, form = _open_withdrawal(browser, people, onboarding)
    Session.objects.all().delete()
    _sign_in(browser, people.olga.email, page)
    assert browser.post(page, form).status_code == 403
    assert TYPED not in str(dict(browser.session.items()))
    assert TYPED not in browser.get(page).content.decode()


def test_ones_own_page_from_before_a_new_sign_in_gives_back_what_was_typed_and_does_nothing(
    browser: Client, people: People, onboarding: Onboarding
) -> None:
    page, form = _open_withdrawal(browser, people, onboarding)
    Session.objects.all().delete()
    _sign_in(browser, people.alice.email, page)
    for wrong in ("", "x" * 64, "a" * 32):
        assert browser.post(page, {**form, "csrfmiddlewaretoken": wrong}).status_code == 403
    assert browser.post(page, form)["Location"] == page
    onboarding.refresh_from_db()
    assert onboarding.is_active
    assert TYPED in browser.get(page).content.decode()


def test_the_cookie_that_says_whose_it_was_cannot_be_made_up(
    browser: Client, people: People, onboarding: Onboarding, settings: Any
) -> None:
    page, form = _open_withdrawal(browser, people, onboarding)
    Session.objects.all().delete()
    signed = last_person.SIGNER.sign(str(people.alice.pk))
    for forged in (str(people.olga.pk), f"{people.olga.pk}:{signed.rpartition(':')[2]}", "", ":"):
        browser.cookies[settings.LAST_PERSON_COOKIE_NAME] = forged
        assert "/accounts/login/" in browser.post(page, form)["Location"]
        assert not Session.objects.exists(), forged
