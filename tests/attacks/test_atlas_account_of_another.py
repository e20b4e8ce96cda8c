"""Another company's account in Atlas: it is not taken by its number, by names changed for a minute, or by a form.

The account API's token may do everything in every account, so the portal decides whose an account is
(onboarding/journey/atlas_accounts.py).
"""

import secrets
from typing import Any

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from atlas.account_types import Contact, NewRegistration, NewUser, Role
from atlas.sandbox.server import Sandbox
from onboarding.handover import offers
from onboarding.journey import progress
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.polling import jobs
from onboarding.journey.polling.client import find_account_id, get_account_api
from onboarding.people.company_details import Details
from onboarding.people.models import Company, User
from tests.atlas_fixtures import atlas, with_api, without_api
from tests.handover.factories import make_offer, open_steps
from tests.journey.form_client import press, sentences_of
from tests.journey.step_actions import day, registration
from tests.journey.test_registered_already import TYPED
from tests.people_fixtures import People, client_of, fresh_client_of, step
from tests.team.test_external_roles import accept_invitation

__all__ = ["atlas", "with_api", "without_api"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mark(with_api: Sandbox) -> str:
    """The address of the contact begins with it."""
    return secrets.token_hex(3)


def _register(name: str, number: str | None, mark: str) -> str:
    contact = Contact("Alice Test", "Head of Data", f"{mark}@one.example", "020 7946 0018")
    sent = NewRegistration(name, contact, number)
    return get_account_api().register(sent, idempotency_key=secrets.token_hex(8)).account_id


def _claim(browser: Client, onboarding: Onboarding, account: str) -> Any:
    typed = {**TYPED, "account": account, "how_far": "invitation"}
    return browser.post(f"/onboardings/{onboarding.code}/registered/", typed)


def _edit(olga: Client, slug: str, name: str, number: str) -> Any:
    read = Details.of(Company.objects.get(slug=slug)).version
    typed = {"name": name, "number": number, "country": "GB", "read": read}
    return olga.post(f"/companies/{slug}/edit/", typed)


def _exchange_names(people: People) -> None:
    """For a minute company two is called and numbered as company one."""
    olga = fresh_client_of(people.olga)
    _edit(olga, "one", "One Energy Ltd (old)", "01111112")
    _edit(olga, "two", "One Energy Ltd", "01111111")
    assert Company.objects.get(slug="two").name == "One Energy Ltd"


@pytest.fixture
def account(people: People, mark: str) -> str:
    """Company one's account, which it has told the portal."""
    found = _register("One Energy Ltd", "01111111", mark)
    theirs = progress.start(people.one, environment="uit", actor=people.alice)
    assert _claim(client_of(people.alice), theirs, found).status_code == 302
    assert step(theirs, "register").facts["account_id"] == found
    return found


@pytest.fixture
def mine(people: People, account: str) -> Onboarding:
    """An onboarding of company two, of which nothing is done."""
    return progress.start(people.two, environment="uit", actor=people.charlie)


def test_with_names_that_ops_changed_for_a_minute_its_number_does_not_make_it_ones_own(
    people: People, account: str, mine: Onboarding
) -> None:
    _exchange_names(people)
    answer = _claim(client_of(people.charlie), mine, account)
    assert f"Atlas shows no account {account} of One Energy Ltd." in sentences_of(answer)
    assert step(mine, "register").facts == {}


def test_with_changed_names_the_form_with_the_others_contact_takes_no_account_of_theirs(
    people: People, account: str, mine: Onboarding, mark: str
) -> None:
    _exchange_names(people)
    page = f"/onboardings/{mine.code}/register/"
    press(client_of(people.charlie), page, page, registration(f"{mark}@one.example"), action="save")
    jobs.poll_step(step(mine, "register").pk)
    assert step(mine, "register").state == "done"
    assert step(mine, "register").facts["account_id"] != account


def test_an_account_that_is_sought_by_the_contact_has_the_companys_name_and_number(
    people: People, account: str, mine: Onboarding, mark: str
) -> None:
    answers = registration(f"{mark}@one.example")
    StepRecord.objects.filter(onboarding=mine, slug="register").update(answers=answers)
    Company.objects.filter(slug="one").update(name="One Energy Ltd (old)")
    for name, number, found in (
        ("One Energy Ltd", "02222222", None),
        ("Two Power Ltd", "01111111", None),
        ("ONE  Energy Ltd", "1111111", account),
    ):
        Company.objects.filter(slug="two").update(name=name, number=number)
        assert find_account_id(Onboarding.objects.select_related("company").get(pk=mine.pk)) == found


def test_a_number_that_people_typed_themselves_makes_no_account_theirs(people: People, mark: str) -> None:
    foreign = _register("Northfield Energy Ltd", "02222222", mark)  # of a company that is not here
    mine = progress.start(people.two, environment="uit", actor=people.charlie)
    assert people.two.number == "02222222"
    charlie = client_of(people.charlie)
    assert "Atlas shows no account" in sentences_of(_claim(charlie, mine, foreign))
    page = f"/onboardings/{mine.code}/register/"
    press(charlie, page, page, registration(f"{mark}@one.example"), action="save")
    jobs.poll_step(step(mine, "register").pk)
    assert (
        step(mine, "register").problem_code == "registration-unclear"
    )  # it is not sent a second time unasked
    typed = {"atlas_id": foreign, **day("seen"), "note": "ours"}
    answer = press(charlie, page, f"{page}confirm/", typed)
    assert f"The portal cannot take {foreign} as the account of" in sentences_of(answer)
    assert "Name and company number must be the same in Atlas as here" in sentences_of(answer)
    assert "ours" in LexborHTMLParser(answer.content).css_first("textarea[name=note]").text()
    assert step(mine, "register").facts == {}


@pytest.mark.parametrize("twin", ["Northﬁeld Energy Ltd", "Northfield  Energy Ltd"])
def test_no_two_companies_have_names_that_only_look_different(people: People, twin: str) -> None:
    olga = fresh_client_of(people.olga)
    assert _edit(olga, "one", "Northfield Energy Ltd", "01111111").status_code == 302
    assert "is here already" in sentences_of(_edit(olga, "two", twin, "02222222"))


def test_who_is_no_administrator_there_has_the_portal_add_nobody(
    people: People, account: str, mark: str
) -> None:
    """Also where the portal takes the account for theirs."""
    accept_invitation(account)
    users = [
        (f"{mark}-m@two.example", (Role.MANAGE_CREDENTIALS,)),
        (f"{mark}-a@two.example", (Role.ADMINISTRATOR,)),
    ]
    for address, roles in users:
        get_account_api().add_user(account, NewUser("Somebody", address, roles), secrets.token_hex(8))
    mine = Onboarding.objects.get(company=people.one)
    open_steps(mine, "csr", "api-credentials")
    offer = make_offer(mine, people.alice, people.bob, "api-credentials")
    offers.accept(offer, actor=people.bob)

    def press_it() -> Any:
        return fresh_client_of(people.alice).post(f"/handovers/{offer.pk}/atlas/add/", follow=True)

    for address in ("alice@elsewhere.example", users[0][0]):
        User.objects.filter(pk=people.alice.pk).update(email=address)
        answer = press_it()
        assert answer.status_code == 409
        assert f"Atlas does not list {address} as an Administrator" in sentences_of(answer)
        assert people.bob.email not in [each.email for each in get_account_api().users(account)]
    User.objects.filter(pk=people.alice.pk).update(email=users[1][0])
    stale = client_of(people.alice).post(f"/handovers/{offer.pk}/atlas/add/")
    assert "reauthenticate" in stale["Location"]
    assert press_it().status_code == 200
    assert people.bob.email in [each.email for each in get_account_api().users(account)]
