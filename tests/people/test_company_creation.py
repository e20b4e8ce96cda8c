"""Adding a company: the page for ops and what it writes. The link in the welcome email is in test_welcome_link.py.

What the database promises about people is tested in test_constraints.py.
"""

from typing import Any

import pytest

from onboarding.audit.chain_check import find_chain_faults
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.notifications.models import OutboxEmail
from onboarding.people.company_creation import create_company
from onboarding.people.decisions import StateConflict
from onboarding.people.models import Company, Membership, Role, User
from tests.journey.form_client import press, sentences_of
from tests.notifications.email_reader import read_email
from tests.people_fixtures import People, client_of, shows_errors

PAGE = "/companies/add/"
NEW = {
    "name": "New Energy Ltd",
    "number": "07777777",
    "country": "GB",
    "admin_name": "Nora New",
    "admin_email": "Nora@New.example",
}


def _post(people: People, **changes: str) -> Any:
    return client_of(people.olga).post(PAGE, {**NEW, **changes})


def test_ops_add_a_company_with_its_primary_certificate_admin(people: People) -> None:
    browser = client_of(people.olga)
    answer = press(browser, PAGE, PAGE, NEW)
    assert (answer.status_code, answer.url) == (302, "/ops/companies/new-energy-ltd/")
    assert "New Energy Ltd is added" in browser.get(answer.url).content.decode()
    company = Company.objects.get(slug="new-energy-ltd")
    nora = User.objects.get(email="nora@new.example")
    assert (company.name, company.number) == ("New Energy Ltd", "07777777")
    assert Membership.objects.get(company=company).role == Role.PRIMARY
    assert not nora.has_usable_password()
    event = Event.objects.get(chain=str(company.pk))
    assert (event.name, event.actor) == (EventName.ROLE_ASSIGNED, people.olga)
    assert list(find_chain_faults()) == []


def test_a_number_is_kept_as_companies_house_writes_it(people: People) -> None:
    assert _post(people, number="sc 1234").status_code == 302
    assert Company.objects.get(slug="new-energy-ltd").number == "SC001234"


def test_a_number_that_cannot_be_one_is_refused_unless_the_company_is_of_another_country(
    people: People,
) -> None:
    refused = _post(people, number="12")
    assert "A company number has 8 characters, and this one has 2." in sentences_of(refused)
    assert _post(people, number="HRB 12", country="DE").status_code == 302
    kept = Company.objects.get(slug="new-energy-ltd")
    assert (kept.number, kept.country) == ("HRB 12", "DE")


def test_who_is_known_already_keeps_the_account(people: People) -> None:
    _post(people, admin_email="BOB@one.example")
    company = Company.objects.get(slug="new-energy-ltd")
    assert company.memberships.get().user == people.bob
    people.bob.refresh_from_db()
    assert people.bob.name == "Bob Test"
    letter = OutboxEmail.objects.get(to=people.bob, key=f"welcome:{company.pk}:{people.bob.pk}")
    assert "You have an account here already" in read_email(letter).text


@pytest.mark.parametrize("name", ["alice", "bob", "tess", "rhea", "charlie"])
def test_nobody_but_ops_adds_a_company(people: People, name: str) -> None:
    browser = client_of(getattr(people, name))
    assert browser.get(PAGE).status_code == 404
    assert browser.post(PAGE, NEW).status_code == 404
    assert Company.objects.count() == 2


def test_a_name_that_is_taken_is_refused_and_nothing_is_written(people: People) -> None:
    users, letters = User.objects.count(), OutboxEmail.objects.count()
    answer = _post(people, name="ONE")
    assert shows_errors(answer)
    assert (
        "There is a company named like “ONE” here already. Look for it in the list of companies."
        in sentences_of(answer)
    )
    assert (User.objects.count(), OutboxEmail.objects.count()) == (users, letters)
    with pytest.raises(StateConflict):
        create_company(name="One", number="", admin_name="N", admin_email="n@n.example", actor=people.olga)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "—"),
        ("name", "N" * 161),
        ("number", ""),
        ("country", ""),
        ("country", "Atlantis"),
        ("admin_name", ""),
        ("admin_email", "no address"),
        ("admin_email", f"{'n' * 250}@new.example"),
        ("admin_name", "with\x00zero"),
        ("admin_name", "  the   PORTAL "),
        ("admin_name", "The operator"),
        ("admin_name", "Ann <ann@one.example>"),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(people: People, field: str, value: str) -> None:
    answer = _post(people, **{field: value})
    assert shows_errors(answer)
    assert "There is a problem" in sentences_of(answer)
    assert Company.objects.count() == 2


@pytest.mark.parametrize("name", ["Ærø Energi 2", "N" * 160, "Smith & Sons (Power) Ltd."])
def test_any_real_name_gives_an_address(people: People, name: str) -> None:
    answer = _post(people, name=name)
    assert answer.status_code == 302
    assert client_of(people.olga).get(answer.url).status_code == 200
