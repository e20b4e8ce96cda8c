"""Telephone numbers: entered and emptied by the person alone, rung by whoever may see the case, seen by nobody else.

That no address shows one to a stranger is in tests/leaks.
"""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client

from onboarding.handover import claims
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.notifications.models import OutboxEmail
from onboarding.people.models import User
from onboarding.people.telephone import make_tel_uri
from onboarding.ui.validators import normalize_phone
from tests.handover.factories import make_dana, make_grant, open_steps
from tests.journey.form_client import press, soup, words
from tests.people_fixtures import People, client_of, fresh_client_of, shows_errors, step

PAGE, ACCOUNT = "/accounts/telephone/", "/accounts/"
NUMBER, DIRECT = "020 7946 0018", "+44 (0)20 7946 0019 ext 12"


@pytest.mark.parametrize(
    ("typed", "uri"),
    [
        ("020 7946 0018", "tel:+44-20-7946-0018"),
        ("  020  7946\u00a00018 ", "tel:+44-20-7946-0018"),
        ("+44 20 7946 0018", "tel:+44-20-7946-0018"),
        ("+44 (0)20 7946-0018", "tel:+44-20-7946-0018"),
        ("(020) 7946 0018", "tel:+44-20-7946-0018"),
        ("020 7946 0018 ext 12", "tel:+44-20-7946-0018;ext=12"),
        ("020 7946 0018 Ext. 1234", "tel:+44-20-7946-0018;ext=1234"),
        ("020 7946 0018x7", "tel:+44-20-7946-0018;ext=7"),
        ("+353 1 234 5678", "tel:+353-1-234-5678"),
    ],
)
def test_a_number_is_taken_as_people_write_it_and_can_be_dialled(typed: str, uri: str) -> None:
    kept = normalize_phone(typed)
    assert make_tel_uri(kept) == uri
    assert normalize_phone(kept) == kept


@pytest.mark.parametrize(
    "typed",
    ["1234", "1234567890123456", "ask reception", "020 7946 0018 ext", "+", "ext 12345", "020;7946;0018", "020+7946001",
     "٠٢٠٧٩٤٦٠٠١٨", "javascript:alert(12345)", '020 7946 0018"onclick="', "020 7946 0018\next 1\n2"],
)  # fmt: skip
def test_what_is_no_number_is_refused_with_a_sentence_that_says_how(typed: str) -> None:
    with pytest.raises(ValidationError, match=r"Enter (a complete|the) telephone number"):
        normalize_phone(typed)


def _save(browser: Client, telephone: str, direct_line: str) -> Any:
    return press(browser, PAGE, PAGE, {"telephone": telephone, "direct_line": direct_line})


def test_one_enters_changes_and_empties_ones_own_numbers(people: People) -> None:
    browser = fresh_client_of(people.bob)
    assert "Telephone None" in words(browser.get(ACCOUNT))
    answer = _save(browser, NUMBER, DIRECT)
    assert (answer.status_code, answer["Location"]) == (302, ACCOUNT)
    assert f"Telephone {NUMBER}, {DIRECT} (direct line) Change" in words(browser.get(ACCOUNT))
    shown = {box["name"]: box.get("value") for box in soup(browser.get(PAGE)).select("input[type=tel]")}
    assert shown == {"telephone": NUMBER, "direct_line": DIRECT}
    _save(browser, "", DIRECT)
    people.bob.refresh_from_db()
    assert (people.bob.telephone, people.bob.direct_line) == ("", DIRECT)
    told = OutboxEmail.objects.filter(to=people.bob, subject__contains="telephone numbers were changed")
    assert told.exists()
    assert not any(number in each.text for each in told for number in (NUMBER, DIRECT))
    _save(browser, "", "")
    people.bob.refresh_from_db()
    assert (people.bob.telephone, people.bob.direct_line) == ("", "")
    assert people.alice.telephone == ""


def test_a_wrong_number_is_said_at_its_box_and_nothing_typed_is_lost(people: People) -> None:
    browser = fresh_client_of(people.bob)
    answer = _save(browser, "ask reception", NUMBER)
    assert shows_errors(answer)
    boxes = {box["name"]: box.get("value") for box in soup(answer).select("input[type=tel]")}
    assert boxes == {"telephone": "ask reception", "direct_line": NUMBER}
    assert "Enter the telephone number alone, without words." in words(answer)
    people.bob.refresh_from_db()
    assert people.bob.direct_line == ""


def test_a_number_is_changed_only_by_somebody_who_has_just_shown_who_they_are(people: People) -> None:
    """Or whoever finds an open browser would have colleagues ring a number of theirs."""
    browser = client_of(people.bob)
    assert browser.get(PAGE)["Location"].startswith("/accounts/reauthenticate/")
    browser.post(PAGE, {"telephone": NUMBER, "direct_line": ""})
    people.bob.refresh_from_db()
    assert people.bob.telephone == ""
    assert Client().get(PAGE)["Location"].startswith("/accounts/login/")


@pytest.fixture
def ringing(people: People, onboarding: Onboarding) -> dict[str, str]:
    """Bob has a step and can be rung. Answers the addresses that name him."""
    User.objects.filter(pk=people.bob.pk).update(telephone=NUMBER, direct_line=DIRECT)
    StepRecord.objects.filter(onboarding=onboarding).exclude(slug="csr").update(state="done")
    open_steps(onboarding, "csr")
    claims.claim(step(onboarding, "csr"), actor=people.bob)
    return {
        "journey": f"/onboardings/{onboarding.code}/",
        "step": f"/onboardings/{onboarding.code}/csr/",
        "team": "/companies/one/team/",
        "company": "/companies/one/",
    }


def _rung(answer: Any) -> set[str]:
    return {str(link["href"]) for link in soup(answer).select('a[href^="tel:"]')}


BOTH = {"tel:+44-20-7946-0018", "tel:+44-20-7946-0019;ext=12"}


@pytest.mark.parametrize("name", ["alice", "tess", "rhea", "olga"])
@pytest.mark.parametrize("page", ["journey", "step", "team", "company"])
def test_whoever_may_see_the_case_can_ring_who_has_to_act(
    people: People, ringing: dict[str, str], name: str, page: str
) -> None:
    answer = client_of(getattr(people, name)).get(ringing[page])
    assert _rung(answer) == BOTH
    link = soup(answer).select_one('a[href="tel:+44-20-7946-0018"]')
    assert link is not None
    assert link.get_text() == f"of Bob Test: {NUMBER}"


@pytest.mark.parametrize("page", ["journey", "step", "team", "company"])
def test_another_company_sees_nothing(people: People, ringing: dict[str, str], page: str) -> None:
    answer = client_of(people.charlie).get(ringing[page])
    assert answer.status_code == 404
    assert NUMBER not in answer.content.decode()


def test_somebody_from_outside_rings_nobody_of_the_company_and_can_be_rung_by_it(
    people: People, onboarding: Onboarding, ringing: dict[str, str]
) -> None:
    dana = make_dana()
    User.objects.filter(pk=dana.pk).update(telephone="0117 496 0000")
    User.objects.update(direct_line="")
    make_grant(onboarding, people.bob, dana, "csr")
    for page in ("journey", "step"):
        answer = client_of(dana).get(ringing[page])
        assert (answer.status_code, _rung(answer)) == (200, set())
    for name in ("alice", "olga"):
        assert "tel:+44-117-496-0000" in _rung(client_of(getattr(people, name)).get(ringing["step"]))


def test_who_enters_none_has_no_empty_link(people: People) -> None:
    assert "tel:" not in client_of(people.alice).get("/companies/one/team/").content.decode()


def test_closing_an_account_erases_its_numbers(people: People, ringing: dict[str, str]) -> None:
    call_command("close_account", people.bob.email)
    people.bob.refresh_from_db()
    assert (people.bob.telephone, people.bob.direct_line) == ("", "")
    assert _rung(client_of(people.alice).get("/companies/one/team/")) == set()
    call_command("close_account", people.bob.email, "--open-again")
    people.bob.refresh_from_db()
    assert people.bob.telephone == ""


def test_a_number_that_came_past_the_form_is_shown_and_not_dialled(people: People) -> None:
    User.objects.filter(pk=people.bob.pk).update(telephone="javascript:alert(1)")
    answer = client_of(people.alice).get("/companies/one/team/")
    assert "Telephone javascript:alert(1)" in words(answer)
    assert not soup(answer).select('a[href^="javascript"]')
