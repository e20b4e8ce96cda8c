"""A form that was not taken: its page is a GET, shows what was typed and what is wrong, and only to who typed it.

What happens at the end of a session is tested in journey/test_form_recovery.py, Back and several tabs in browser/.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from onboarding.journey.models import Onboarding
from onboarding.ui.sent_forms import KEPT_FOR, KEY, MOST
from tests.journey.form_client import form_on, sentences_of, soup, values_of
from tests.journey.step_actions import API_KEY, API_SECRET, bring_to, registration, step_action
from tests.journey.storage_scan import places_of
from tests.people_fixtures import People, client_of, fresh_client_of
from tests.time_travel import travel

INVITE, TEAM = "/companies/one/team/invite/", "/companies/one/team/"
WRONG = {"email": "not an address", "role": "reader"}


def _plain(client: Client) -> Any:
    """The same browser, stopped at each answer."""
    client.follows_errors = False  # type: ignore[attr-defined]
    return client


@pytest.fixture
def bob(people: People) -> Any:
    return _plain(fresh_client_of(people.bob))


def _address(browser: Any, data: dict[str, str] = WRONG, page: str = INVITE) -> str:
    """Where an invalid post leads."""
    answer = browser.post(page, data)
    assert answer.status_code == 302
    return str(answer["Location"])


def test_an_invalid_post_leads_to_its_page_with_what_was_typed_and_what_is_wrong(bob: Any) -> None:
    address = _address(bob)
    assert address.startswith(f"{INVITE}?sent=")
    for _ in range(2):  # a reload shows it again
        page = bob.get(address)
        assert page.status_code == 200
        assert soup(page).title.get_text().startswith("Error: ")  # type: ignore[union-attr]
        assert "There is a problem Enter a valid email address" in sentences_of(page)
        shown = values_of(form_on(page, INVITE))
        assert {name: shown[name] for name in WRONG} == WRONG


def test_the_page_itself_is_clean_in_every_other_tab(bob: Any) -> None:
    _address(bob)
    for page in (INVITE, f"{INVITE}?sent=", f"{INVITE}?sent=other"):
        answer = bob.get(page)
        assert "There is a problem" not in sentences_of(answer)
        assert values_of(form_on(answer, INVITE))["email"] == ""


def test_errors_of_one_form_are_not_shown_in_another(bob: Any) -> None:
    token = _address(bob).partition("?")[2]
    for page in ("/companies/one/absence/", "/companies/one/secrets/"):
        assert "There is a problem" not in sentences_of(bob.get(f"{page}?{token}"))


def test_nobody_else_sees_it_not_even_with_the_address(bob: Any, people: People) -> None:
    address = _address(bob)
    page = fresh_client_of(people.alice).get(address)
    assert "There is a problem" not in sentences_of(page)
    assert values_of(form_on(page, INVITE))["email"] == ""


def test_a_date_keeps_its_boxes_and_only_the_wrong_one_is_red(bob: Any) -> None:
    page = "/companies/one/absence/"
    typed = {"first_day_day": "31", "first_day_month": "", "first_day_year": "2026"}
    answer = bob.get(_address(bob, typed, page))
    shown = values_of(form_on(answer, page))
    assert {name: shown[name] for name in typed} == typed
    red = {str(each["name"]) for each in soup(answer).select("input.govuk-input--error")}
    assert "first_day_month" in red
    assert "first_day_day" not in red


def test_what_a_move_refused_is_kept_as_well(bob: Any, people: People) -> None:
    page = bob.get(_address(bob, {"email": people.alice.email, "role": "reader"}))
    assert people.alice.email in values_of(form_on(page, INVITE))["email"]
    assert "There is a problem" in sentences_of(page)


def test_a_corrected_form_is_taken_from_there(bob: Any) -> None:
    address = _address(bob)
    assert bob.post(address, {"email": "new@one.example", "role": "reader"})["Location"] == TEAM
    again = _address(bob, page=address)
    assert again != address  # one name in the address, and it is the new one
    assert again.count("sent=") == 1


def test_it_is_kept_for_an_hour_and_a_session_keeps_few(bob: Any, settings: Any) -> None:
    settings.PORTAL = settings.PORTAL.model_copy(update={"session_idle_minutes": 600})
    address = _address(bob)
    for _ in range(MOST - 1):
        _address(bob)
    assert "There is a problem" in sentences_of(bob.get(address))
    _address(bob)
    assert "There is a problem" not in sentences_of(bob.get(address))
    assert len(bob.session[KEY]) == MOST
    address = _address(bob)
    with travel(timezone.now() + timedelta(seconds=KEPT_FOR + 1)):
        assert "There is a problem" not in sentences_of(bob.get(address))


def test_what_is_too_long_to_keep_is_answered_at_once(people: People, onboarding: Onboarding) -> None:
    browser = _plain(client_of(people.alice))
    answer = browser.post(f"/onboardings/{onboarding.code}/withdraw/", {"reason": "x" * 70_000})
    assert answer.status_code == 422
    assert "x" * 70_000 in answer.content.decode()
    assert KEY not in browser.session


def test_a_verb_of_a_step_leads_to_the_step_with_its_form_unfolded(
    people: People, onboarding: Onboarding
) -> None:
    base = f"/onboardings/{onboarding.code}/register/"
    browser = _plain(client_of(people.alice))
    address = _address(browser, {"code": "", "detail": "The page was empty"}, f"{base}problem/")
    assert address.startswith(f"{base}?sent=")
    page = browser.get(address)
    assert soup(page).title.get_text().startswith("Error: ")  # type: ignore[union-attr]
    form = form_on(page, f"{base}problem/")
    assert form.find_parent("details").has_attr("open")  # type: ignore[union-attr]
    assert values_of(form)["detail"] == "The page was empty"
    assert values_of(form_on(page, base))["name"] != "The page was empty"


def test_a_steps_form_comes_back_whole(people: People, onboarding: Onboarding) -> None:
    page = f"/onboardings/{onboarding.code}/register/"
    browser = _plain(client_of(people.alice))
    typed = {**registration(), "email": "alice at one", "action": "save"}
    shown = values_of(form_on(browser.get(_address(browser, typed, page)), page))
    assert {name: shown[name] for name in registration() if name in shown} == {
        name: typed[name] for name in registration() if name in shown
    }


def test_of_a_secret_or_a_file_nothing_is_kept_and_the_answer_comes_at_once(
    people: People, onboarding: Onboarding
) -> None:
    to = step_action("api-credentials")
    bring_to(onboarding, people, to)
    browser = _plain(client_of(to.doer(people)))
    typed = {"name": "dip", "way": "paste", "api_key": API_KEY, "api_secret": API_SECRET[:-1]}
    brought = {"name": "dip", "way": "csv", "csv": SimpleUploadedFile("c.csv", b"a,b\n1,2\n")}
    for data in (typed, brought):
        answer = browser.post(to.path(onboarding), data)
        assert answer.status_code == 422
        assert KEY not in browser.session
    assert places_of(API_SECRET[:-1]) == []


def test_strangers_fill_no_table_of_sessions(db: None) -> None:
    answer = Client().post("/accounts/password/reset/", {"email": "no address"})
    assert answer.status_code == 200
    assert "Error: " in answer.content.decode()
    assert not Session.objects.exists()
