"""Before what cannot be corrected is sent, each difference from what is known is shown and ticked, one by one.

What cannot be right at all is refused at its field, see tests/ui/test_validators.py.
"""

from typing import Any

import pytest

from onboarding.journey.forms import differences
from onboarding.journey.forms.differences import Difference, DifferencesForm
from onboarding.journey.models import Onboarding, StepRecord
from tests.journey.form_client import form_on, sentences_of, soup, values_of
from tests.journey.step_actions import StepAction, bring_to, registration, step_action
from tests.people_fixtures import People, client_of, shows_errors, step
from tests.rules.marker import rule

PROFILE, REGISTER = step_action("identity-profile"), step_action("register")


def _send(people: People, onboarding: Onboarding, to: StepAction, **changes: str) -> tuple[Any, Any]:
    """The browser of Alice, and the page that follows her form."""
    bring_to(onboarding, people, to)
    browser = client_of(people.alice)
    return browser, browser.post(to.path(onboarding), {**to.data(), **changes})


def _differences(answer: Any) -> list[str]:
    """The sentences with a tick beside them."""
    labels = soup(answer).select("main .govuk-checkboxes__label")
    return [
        " ".join(label.get_text(" ").split()).removesuffix(" I have checked it: what I entered is right.")
        for label in labels
    ]


@rule("R26")
def test_nothing_wrong_is_sent_unseen(people: People, onboarding: Onboarding) -> None:
    wrong = {"company_number": "12", "postal_code": "NR1", "organization": "Another Power"}
    browser, answer = _send(people, onboarding, PROFILE, **wrong, country="UK", action="send")
    assert shows_errors(answer)
    assert "this one has 2" in sentences_of(answer)
    assert "Enter the full postcode of an address in United Kingdom" in sentences_of(answer)
    mended = {"company_number": "9999999", "postal_code": "nr11aa", "contact_email": "one.energy@gmail.com"}
    sent = {**PROFILE.data(), **wrong, **mended, "country": "UK", "action": "send"}
    checked = browser.post(PROFILE.path(onboarding), sent)
    assert checked.status_code == 422
    told = _differences(checked)
    assert told == [
        "The company is called “One Energy Ltd” in this portal. You entered “Another Power”.",
        "“Another Power” does not end in Limited, Ltd, PLC or LLP. The registered name of nearly every company does.",
        "This portal has company number 01111111 for the company. You entered 09999999.",
        "The registration has the email address “vetting@one.example”. You entered “one.energy@gmail.com”.",
        "one.energy@gmail.com is an address of gmail.com, which anybody can have. GlobalSign expects one of the "
        "company.",
    ]
    assert step(onboarding, "identity-profile").state == "open"


def test_what_is_ticked_one_by_one_is_sent(people: People, onboarding: Onboarding) -> None:
    browser, checked = _send(
        people, onboarding, PROFILE, organization="Another Power Ltd", phone="0117 496 0001"
    )
    form = form_on(checked, PROFILE.path(onboarding))
    ticks = {str(box["name"]): "on" for box in form.select("input[type=checkbox]")}
    assert len(ticks) == 1
    sent = values_of(form)
    unticked = browser.post(PROFILE.path(onboarding), {**sent, "action": "send"})
    assert unticked.status_code == 422
    assert "Tick this if what you entered is right, or choose “Change something”" in sentences_of(unticked)
    assert soup(unticked).title.get_text().startswith("Error: ")
    done = browser.post(
        PROFILE.path(onboarding),
        {**values_of(form_on(unticked, PROFILE.path(onboarding))), **ticks, "action": "send"},
    )
    assert done.status_code == 302
    assert step(onboarding, "identity-profile").answers["organization"] == "Another Power Ltd"


def test_a_tick_counts_for_the_sentence_it_stood_beside(people: People, onboarding: Onboarding) -> None:
    browser, checked = _send(people, onboarding, PROFILE, organization="Another Power Ltd")
    form = form_on(checked, PROFILE.path(onboarding))
    ticks = {str(box["name"]): "on" for box in form.select("input[type=checkbox]")}
    other = {**values_of(form), **ticks, "organization": "Third Power Ltd", "action": "send"}
    assert browser.post(PROFILE.path(onboarding), other).status_code == 422


def test_what_agrees_with_everything_known_has_nothing_to_tick(
    people: People, onboarding: Onboarding
) -> None:
    _, checked = _send(people, onboarding, PROFILE)
    assert checked.status_code == 200
    assert _differences(checked) == []
    assert "Look at these again" not in sentences_of(checked)


def test_changing_something_keeps_all_of_it(people: People, onboarding: Onboarding) -> None:
    browser, checked = _send(
        people,
        onboarding,
        PROFILE,
        organization="Another Power Ltd",
        country="JE",
        postal_code="je23ab",
        company_number="12",
    )
    sent = values_of(form_on(checked, PROFILE.path(onboarding)))
    back = browser.post(PROFILE.path(onboarding), {**sent, "action": "change"})
    kept = values_of(form_on(back, PROFILE.path(onboarding)))
    assert (kept["organization"], kept["country"]) == ("Another Power Ltd", "JE")


def test_a_company_of_another_country_is_asked_and_not_stopped(
    people: People, onboarding: Onboarding
) -> None:
    overseas = {
        "country": "DE",
        "postal_code": "10115",
        "company_number": "HRB 12345",
        "phone": "+49 30 901820",
    }
    _, checked = _send(people, onboarding, PROFILE, **overseas)
    assert checked.status_code == 200
    assert "The company is registered in Germany." in " ".join(_differences(checked))


def test_a_registration_is_looked_at_too(people: People, onboarding: Onboarding) -> None:
    odd = {"name": "DIP Certificates Team", "email": "one.energy@gmail.com"}
    browser = client_of(people.alice)
    checked = browser.post(REGISTER.path(onboarding), {**REGISTER.data(), **registration(), **odd})
    assert len(_differences(checked)) == 2
    assert "does not look like the full name of a person" in sentences_of(checked)


@pytest.mark.parametrize("name", ["Alice Test", "Jörg van der Müller", "Mary O'Neill-Smith", "Dr A. B. Ng"])
def test_names_of_people_are_not_doubted(name: str) -> None:
    assert list(differences.check_person(name)) == []


@pytest.mark.parametrize(
    "name", ["Alice", "Certificates Team", "One Energy Ltd", "alice@one.example", "User 1"]
)
def test_what_is_no_name_of_a_person_is_doubted(name: str) -> None:
    assert len(list(differences.check_person(name))) == 1


@pytest.mark.parametrize(
    ("typed", "on_record"),
    [
        ("One Energy Limited", "One Energy Ltd"),
        ("ONE ENERGY LTD.", "One Energy Ltd"),
        ("Wind & Sun plc", "Wind and Sun PLC"),
        ("Ynni Cyf", "Ynni Cyf"),
    ],
)
def test_one_name_written_in_two_ways_is_one_name(typed: str, on_record: str) -> None:
    assert list(differences.compare_company_name(typed, on_record, "GB")) == []


def test_a_number_on_record_that_lost_its_nought_is_the_same_number() -> None:
    assert list(differences.compare_company_number("01234567", " 1234567", "GB")) == []


def test_a_company_without_a_number_here_has_none_to_differ_from() -> None:
    assert list(differences.compare_company_number("01234567", "", "GB")) == []


@pytest.mark.parametrize(
    ("typed", "on_record"), [("1234567", "1234567"), ("hrb 123b", "HRB  123B"), ("01234567", "01234567")]
)
def test_a_number_of_another_country_is_compared_as_it_is_written_there(typed: str, on_record: str) -> None:
    (only,) = differences.compare_company_number(typed, on_record, "FR")
    assert only.text.startswith("The company is registered in France.")


def test_the_name_of_a_company_of_another_country_ends_as_it_does_there() -> None:
    assert list(differences.compare_company_name("Strom GmbH", "Strom GmbH", "DE")) == []


@pytest.mark.parametrize(
    ("kept", "chosen"), [("ie", "IE"), ("UK", "GB"), ("Ireland", "IE"), ("Atlantis", "")]
)
def test_a_draft_with_a_country_in_other_words_is_not_sent_as_another_one(
    people: People, onboarding: Onboarding, kept: str, chosen: str
) -> None:
    bring_to(onboarding, people, PROFILE)
    StepRecord.objects.filter(onboarding=onboarding, slug="identity-profile").update(draft={"country": kept})
    page = client_of(people.alice).get(PROFILE.path(onboarding))
    assert values_of(form_on(page, PROFILE.path(onboarding)))["country"] == chosen


def test_every_tick_is_needed() -> None:
    two = [Difference("One."), Difference("Two.")]
    assert not DifferencesForm(two, {f"difference-{two[0].key}": "on"}).is_valid()
    assert DifferencesForm(two, {f"difference-{each.key}": "on" for each in two}).is_valid()
