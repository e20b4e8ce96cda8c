"""Ops correct a company's name, number and country; a number that cannot be one is asked for, and blocks nothing."""

import pytest
from django.test import Client

from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.notifications.models import OutboxEmail
from onboarding.people.company_details import Details, complete_number, find_number_fault
from onboarding.people.models import Company
from tests.journey.form_client import form_on, press, sentences_of, values_of
from tests.notifications.email_reader import read_email
from tests.people_fixtures import People, client_of, shows_errors

PAGE = "/companies/one/edit/"
NEW = {"name": "One Power Ltd", "number": "sc 1234", "country": "GB"}


def test_ops_correct_a_company_on_record_and_its_admins_are_told(people: People) -> None:
    browser = client_of(people.olga)
    assert PAGE in browser.get("/companies/one/").content.decode()
    answer = press(browser, PAGE, PAGE, NEW)
    assert answer.url == "/ops/companies/one/"
    assert "One Power Ltd, company number SC001234, is saved." in browser.get(answer.url).content.decode()
    people.one.refresh_from_db()
    assert Details.of(people.one) == Details("One Power Ltd", "SC001234", "GB")
    event = Event.objects.get(name=EventName.COMPANY_CHANGED)
    assert (event.chain, event.actor) == (str(people.one.pk), people.olga)
    assert event.data["number"] == {"before": "01111111", "now": "SC001234"}
    letters = OutboxEmail.objects.filter(key__startswith="company-changed")
    assert {letter.to for letter in letters} == {people.alice, people.bob}
    assert "One Power Ltd (before: One Energy Ltd)" in read_email(letters[0]).text
    assert "SC001234 (before: 01111111)" in read_email(letters[0]).text


def test_what_is_the_same_is_not_saved_and_a_country_alone_is_told_to_nobody(people: People) -> None:
    browser = client_of(people.olga)
    press(browser, PAGE, PAGE, {})
    assert not Event.objects.filter(name=EventName.COMPANY_CHANGED).exists()
    press(browser, PAGE, PAGE, {"country": "DE"})
    people.one.refresh_from_db()
    assert people.one.country == "DE"
    assert not OutboxEmail.objects.filter(key__startswith="company-changed").exists()


def test_who_saves_second_is_told_what_the_first_has_saved(people: People) -> None:
    first, second = client_of(people.olga), client_of(people.olga)
    opened = values_of(form_on(second.get(PAGE), PAGE))
    press(first, PAGE, PAGE, {"number": "09999999"})
    answer = second.post(PAGE, {**opened, "name": "One Power Ltd"})
    assert shows_errors(answer)
    assert "Somebody else changed this company while you had the page open" in sentences_of(answer)
    assert "number 09999999" in sentences_of(answer)
    assert values_of(form_on(answer, PAGE))["name"] == "One Power Ltd", "nothing typed is lost"
    people.one.refresh_from_db()
    assert people.one.name == "One Energy Ltd"
    saved = second.post(PAGE, {**values_of(form_on(answer, PAGE)), "number": "09999999"})
    assert saved.url == "/ops/companies/one/"
    people.one.refresh_from_db()
    assert (people.one.name, people.one.number) == ("One Power Ltd", "09999999")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "two power ltd"}, "Two Power Ltd (company number 02222222) is here already."),
        ({"number": "02222222"}, "Two Power Ltd (company number 02222222) is here already."),
        ({"number": "12"}, "A company number has 8 characters, and this one has 2."),
        ({"number": ""}, "Fill in “"),
        ({"name": ""}, "Fill in “"),
        ({"name": "—"}, "Enter a name with at least one letter or digit."),
        ({"country": ""}, "Choose a country."),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(
    people: People, typed: dict[str, str], sentence: str
) -> None:
    browser = client_of(people.olga)
    answer = browser.post(PAGE, {**values_of(form_on(browser.get(PAGE), PAGE)), **typed})
    assert shows_errors(answer)
    assert sentence in sentences_of(answer)
    people.one.refresh_from_db()
    assert Details.of(people.one) == Details("One Energy Ltd", "01111111", "GB")


def test_a_number_that_cannot_be_one_is_asked_for_where_somebody_can_mend_it(people: People) -> None:
    for number, country, asked in (
        ("", "GB", "has no company number"),
        ("12", "GB", "has “12” as the company number"),
        ("", "DE", "has no company number"),
        ("HRB 12", "DE", ""),
        ("1111111", "GB", ""),
    ):
        Company.objects.filter(pk=people.one.pk).update(number=number, country=country)
        people.one.refresh_from_db()
        assert asked in find_number_fault(people.one)
        assert bool(find_number_fault(people.one)) == bool(asked)
    Company.objects.filter(pk=people.one.pk).update(number="12", country="GB")
    for name, is_asked in (("olga", True), ("alice", True), ("bob", True), ("tess", False), ("rhea", False)):
        page = client_of(getattr(people, name)).get("/companies/one/").content.decode()
        assert ("has “12” as the company number" in page) == is_asked, name
    assert "has “12” as the company number" in client_of(people.alice).get("/").content.decode()
    assert "Enter the right one." in client_of(people.olga).get(PAGE).content.decode()


def test_a_number_that_was_sent_completes_the_record_but_never_replaces_a_right_one(people: People) -> None:
    complete_number(people.one, "07777777", "GB", actor=people.alice)
    people.one.refresh_from_db()
    assert people.one.number == "01111111"
    Company.objects.filter(pk=people.one.pk).update(number="12")
    people.one.refresh_from_db()
    for stored in ("02222222", "2222222"):  # another company's, also without the zero that a spreadsheet took
        Company.objects.filter(pk=people.two.pk).update(number=stored)
        complete_number(people.one, "02222222", "GB", actor=people.alice)
        people.one.refresh_from_db()
        assert people.one.number == "12"
    complete_number(people.one, "07777777", "GB", actor=people.alice)
    people.one.refresh_from_db()
    assert people.one.number == "07777777"
    assert Event.objects.get(name=EventName.COMPANY_CHANGED).actor == people.alice


def test_only_ops_edit_a_company(people: People) -> None:
    for name, status in (("alice", 403), ("bob", 403), ("tess", 403), ("rhea", 403), ("charlie", 404)):
        browser = client_of(getattr(people, name))
        assert (browser.get(PAGE).status_code, browser.post(PAGE, NEW).status_code) == (status, status)
    assert Client().get(PAGE).status_code == 302
    people.one.refresh_from_db()
    assert people.one.name == "One Energy Ltd"
