"""The first page of somebody whose company has no onboarding yet: who starts it, and what to have ready.

Who may start one at all is tested with the company's page in test_task_lists.py.
"""

from typing import Any

import pytest
from bs4 import Tag
from django.test import Client

from onboarding.journey import progress
from onboarding.journey.models import Onboarding
from onboarding.people.models import Company, Membership, Role, User
from tests.journey.form_client import form_on, press, sentences_of, soup, values_of
from tests.people_fixtures import People, client_of

START, CONFIRM = "/companies/one/start/", "/companies/one/start/production/"


def test_a_new_primary_reads_what_to_have_ready_and_is_one_button_from_the_registration(
    people: People,
) -> None:
    User.objects.filter(pk=people.alice.pk).update(direct_line="020 7946 0018")
    browser = client_of(people.alice)
    page = browser.get("/")
    assert b"<title>Start your onboarding" in page.content
    text = sentences_of(page)
    for words in ("registered name", "01111111", "head office", "a mailbox that somebody reads", "reception"):
        assert words in text
    assert "UIT (user integration testing) is the test environment of the DIP." in text
    assert "You have nothing to do" not in text
    started = press(browser, "/", START, {})
    code = Onboarding.objects.get().code
    assert started["Location"] == f"/onboardings/{code}/register/"
    form = values_of(form_on(browser.get(started["Location"]), started["Location"]))
    assert (form["name"], form["email"]) == ("Alice Test", "alice@one.example")
    assert form["phone"] == "020 7946 0018"
    assert form["job_title"] == ""


def test_what_was_drafted_wins_over_what_ops_typed(people: People, onboarding: Onboarding) -> None:
    onboarding.steps.filter(slug="register").update(draft={"name": "A. Test", "email": ""})
    page = f"/onboardings/{onboarding.code}/register/"
    form = values_of(form_on(client_of(people.alice).get(page), page))
    assert (form["name"], form["email"]) == ("A. Test", "")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("bob", "you can also start the onboarding of One Energy Ltd"),
        ("tess", "read how the key and the CSR are made"),
        ("rhea", "You have nothing to do."),
    ],
)
def test_everybody_else_reads_who_starts_it_and_what_to_do_meanwhile(
    people: People, name: str, words: str
) -> None:
    browser = client_of(getattr(people, name))
    text = sentences_of(browser.get("/"))
    assert "Alice Test (Primary Certificate Admin) starts the onboarding" in text
    assert words in text
    assert ("Start the onboarding in UIT" in sentences_of(browser.get("/companies/one/"))) == (name == "bob")
    assert "Start the onboarding in UIT" not in text


def test_several_companies_and_work_elsewhere_keep_their_places(
    people: People, onboarding: Onboarding
) -> None:
    Membership.objects.create(user=people.tess, company=people.two, role=Role.TECHNICIAN)
    text = sentences_of(client_of(people.tess).get("/"))
    assert "No onboarding under way" in text
    assert "Charlie Test (Primary Certificate Admin) starts the onboarding" in text
    assert "Alice Test (Primary Certificate Admin) starts the onboarding" not in text
    assert "Start your onboarding" in sentences_of(client_of(people.charlie).get("/"))


def test_what_was_withdrawn_is_started_again(people: People, onboarding: Onboarding) -> None:
    progress.withdraw(onboarding, actor=people.alice, reason="A mistake")
    browser = client_of(people.alice)
    for page in ("/?stay", "/companies/one/"):
        assert "Start the onboarding in UIT" in sentences_of(browser.get(page))


def test_production_is_started_after_a_page_that_says_what_it_is(people: People) -> None:
    browser = client_of(people.alice)
    asked = browser.post(START, {"environment": "production"})
    assert asked["Location"] == CONFIRM
    assert not Onboarding.objects.exists()
    text = sentences_of(browser.get(CONFIRM))
    assert "Production is the live DIP." in text
    assert "One Energy Ltd has no onboarding in UIT in this portal." in text
    page = browser.get(CONFIRM)
    forms = [values_of(form) for form in _forms(page)]
    assert {"uit", "production"} == {form["environment"] for form in forms}
    sent = next(form for form in forms if form["environment"] == "production")
    started = browser.post(START, sent)
    assert started["Location"] == f"/onboardings/{Onboarding.objects.get().code}/register/"
    assert browser.get(CONFIRM)["Location"] == "/companies/one/", "it is under way"


def _forms(page: Any) -> list[Tag]:
    return [form for form in soup(page).select("main form") if form["action"] == START]


def test_the_page_before_production_says_how_far_uit_is(people: People, onboarding: Onboarding) -> None:
    assert f"UIT ({onboarding.code}) is not complete yet" in sentences_of(client_of(people.bob).get(CONFIRM))
    now = onboarding.started_at
    Onboarding.objects.update(status=Onboarding.Status.COMPLETED, ended_at=now, destroy_secrets_at=now)
    Company.objects.filter(pk=people.one.pk).update(number="")
    text = sentences_of(client_of(people.bob).get(CONFIRM))
    assert f"UIT ({onboarding.code}) is complete" in text
    assert "The portal has no company number for this company." in text
    for name, status in (("tess", 403), ("rhea", 403), ("olga", 403), ("charlie", 404)):
        assert client_of(getattr(people, name)).get(CONFIRM).status_code == status
    assert Client().get(CONFIRM).status_code == 302


def test_a_certificate_admin_who_starts_it_comes_to_the_journey(people: People) -> None:
    started = client_of(people.bob).post(START, {"environment": "uit"})
    assert started["Location"] == f"/onboardings/{Onboarding.objects.get().code}/"
