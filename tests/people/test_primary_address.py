"""Ops correct the address of a Primary Certificate Admin who never came: on record, and the older link is dead.

The link itself is in test_welcome_link.py; that ops let nobody in by it, in tests/attacks.
"""

from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client

from onboarding.audit.chain_check import find_chain_faults
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.journey import progress
from onboarding.people.company_creation import create_company
from onboarding.people.models import Company, Membership, Role, User
from onboarding.people.reset_links import make_reset_link
from tests.attacks.links import use
from tests.journey.form_client import sentences_of
from tests.people.test_welcome_link import link_in_the_mail, send_form
from tests.people_fixtures import People, fresh_client_of, shows_errors

PAGE = "/companies/new-energy-ltd/primary/address/"
RIGHT = {"email": "Nora@Right.example", "confirmed": "on"}


@pytest.fixture
def company(people: People) -> Company:
    """A company whose primary was named with a wrong address."""
    return create_company(
        name="New Energy Ltd",
        number="07777777",
        admin_name="Nora New",
        admin_email="nora@wrong.example",
        actor=people.olga,
    )


def test_the_new_address_gets_a_new_link_and_the_older_one_is_dead(people: People, company: Company) -> None:
    older = link_in_the_mail()
    nora = User.objects.get(email="nora@wrong.example")
    holder, _ = use(
        urlsplit(make_reset_link(nora)).path
    )  # a browser that may choose her password for an hour
    ops = fresh_client_of(people.olga)
    assert "Correct the address of Nora New" in ops.get("/companies/new-energy-ltd/").content.decode()
    page = ops.get(PAGE).content.decode()
    assert "nora@wrong.example" in page
    answer = ops.post(PAGE, RIGHT, follow=True)
    assert "A new welcome email goes to nora@right.example" in answer.content.decode()
    newer = link_in_the_mail()
    assert mail.outbox[-1].to == ["nora@right.example"]
    dead = Client().get(older, follow=True)
    assert dead.status_code == 409
    assert "If a newer welcome email has come, open the link in that one." in dead.content.decode()
    assert "right.example" not in dead.content.decode()
    assert holder.get("/accounts/password/reset/choose/").status_code == 302, "it may choose nothing any more"
    event = Event.objects.get(name=EventName.ADDRESS_CORRECTED)
    assert (event.chain, event.actor) == (str(company.pk), people.olga)
    assert event.data == {"to": "Nora New <nora@right.example>", "former": "nora@wrong.example"}
    assert list(find_chain_faults()) == []
    browser = Client()
    browser.get(newer)
    assert send_form(browser).redirect_chain[-1][0] == "/"
    assert ops.post(PAGE, {**RIGHT, "email": "x@right.example"}).status_code == 409
    assert "has an account with a way to sign in" in ops.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"email": "bob@one.example"}, "bob@one.example has an account here already"),
        ({"email": "OLGA@dip.example"}, "olga@dip.example has an account here already"),
        ({"email": "nora@wrong.example"}, "The welcome email went to nora@wrong.example already."),
        ({"email": "no address"}, "Enter a valid email address"),
        ({"email": ""}, "Fill in “"),
        ({"confirmed": ""}, "Tick this when you have checked the address with the company."),
    ],
)
def test_what_cannot_be_the_address_is_refused_with_a_sentence(
    people: People, company: Company, typed: dict[str, str], sentence: str
) -> None:
    answer = fresh_client_of(people.olga).post(PAGE, {**RIGHT, **typed})
    assert shows_errors(answer)
    assert sentence in sentences_of(answer)
    assert User.objects.filter(email="nora@wrong.example").exists()


@pytest.mark.parametrize("what", ["a member", "an onboarding", "elsewhere"])
def test_one_of_ops_names_no_address_where_anything_has_begun(
    people: People, company: Company, what: str
) -> None:
    nora = User.objects.get(email="nora@wrong.example")
    if what == "a member":
        Membership.objects.create(user=people.bob, company=company, role=Role.ADMIN)
    elif what == "an onboarding":
        progress.start(company, environment="uit", actor=None)
    else:
        other = create_company(
            name="Second Ltd", number="08888888", admin_name="N", admin_email=nora.email, actor=people.olga
        )
        Membership.objects.create(user=people.tess, company=other, role=Role.TECHNICIAN)
    ops = fresh_client_of(people.olga)
    assert "Change the Primary Certificate Admin" in ops.get(PAGE).content.decode()
    assert ops.post(PAGE, RIGHT).status_code == 409
    nora.refresh_from_db()
    assert nora.email == "nora@wrong.example"


def test_only_ops_correct_it(people: People, company: Company) -> None:
    Membership.objects.create(user=people.rhea, company=company, role=Role.READER)
    for browser, status in ((fresh_client_of(people.rhea), 403), (fresh_client_of(people.charlie), 404)):
        assert (browser.get(PAGE).status_code, browser.post(PAGE, RIGHT).status_code) == (status, status)
    own = "/companies/one/primary/address/"
    for name, status in (("alice", 403), ("bob", 403), ("charlie", 404)):
        assert fresh_client_of(getattr(people, name)).get(own).status_code == status
    assert Client().get(PAGE).status_code == 302
