"""Handing a step over, each time from both sides: to a colleague, and to a technician outside the company.

Rules and refusals are in tests/handover/.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from onboarding.journey import progress
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.people.models import User
from tests.browser.colleague import Colleague
from tests.browser.workers import Workers
from tests.people_fixtures import PASSWORD, People, step

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def case(people: People) -> Onboarding:
    """The CSR is to do, and somebody has begun it."""
    onboarding = progress.start(people.one, environment="uit", actor=people.alice)
    StepRecord.objects.filter(onboarding=onboarding, slug="csr").update(state="open")
    return onboarding


def test_a_handover_inside_the_company(
    people: People,
    case: Onboarding,
    browse: Callable[..., Page],
    own_address: None,
    workers: Workers,
) -> None:
    bob, tess = Colleague(people.bob, browse()), Colleague(people.tess, browse())
    bob.sign_in()
    bob.start_handing_over("csr")
    bob.tick("Tess Test")
    bob.write("Why do you hand it over?", "You know OpenSSL")
    bob.write("What should they know? (optional)", "The server is called north")
    bob.press("Preview")
    bob.sees("Before you send: what Tess Test gets", "You know OpenSSL", "What the receiver does not see")
    bob.press("Change")
    bob.press("Preview")
    bob.press("Send the offer")
    bob.sees("Offered to Tess Test. It stays yours until they accept.", "Withdraw the offer")

    tess.opens_the_mail("Offered to you")
    tess.sign_in_here()
    tess.sees(
        "Bob Test hands over to you", "You know OpenSSL", "The server is called north", "You can answer until"
    )
    tess.press("Accept")
    expect(tess.tab.get_by_role("heading", level=1)).to_have_text("Create the CSR")
    tess.sees("yours now. Bob Test is told.", "For you to do")
    assert step(case, "csr").assignee == people.tess

    bob.opens_the_mail("Accepted: ")
    bob.sees("Tess Test accepted this offer on")
    bob.tab.goto("/?stay")
    bob.sees("Done lately (", "Tess Test has it, not done yet")

    tess.follow("The note, and returning it")
    tess.follow("Return what you cannot do")
    tess.write("Reason", "The server is down")
    tess.press("Return it")
    tess.sees("Returned. Bob Test is told, with your reason.")
    bob.opens_the_mail("Returned: ")
    bob.sees("The server is down")


def test_a_handover_to_a_technician_outside(
    people: People,
    case: Onboarding,
    browse: Callable[..., Page],
    own_address: None,
    workers: Workers,
) -> None:
    stranger = User(email="dana@dcp.example", name="Dana Test")
    bob, dana = Colleague(people.bob, browse()), Colleague(stranger, browse())
    bob.sign_in()
    bob.start_handing_over("csr")
    bob.tick("Build the PFX")
    bob.tick("Somebody outside the company")
    bob.write("Email address of the person outside the company", stranger.email)
    bob.write("Why do you hand it over?", "You run our gateway")
    bob.press("Preview")
    bob.sees("what dana@dcp.example gets", "the other steps and the history", "or until you revoke it")
    bob.press("Send the offer")
    bob.sign_in_afresh()
    bob.sees("Offered to dana@dcp.example. It stays yours until they accept.")

    dana.opens_the_mail("One Energy Ltd")
    dana.press("Continue")
    dana.write("Your full name", stranger.name)
    for label in ("Choose a password", "The same password again"):
        dana.write(label, PASSWORD)
    dana.press("Accept the invitation")
    dana.sees("Bob Test hands over to you", "You run our gateway", "Access until")
    dana.press("Accept")
    expect(dana.tab.get_by_role("heading", level=1)).to_have_text("Create the CSR")
    dana.follow("One Energy Ltd, your steps")
    dana.sees(
        "Create the CSR", "Build the PFX", "You have access to these steps and to nothing else of the company"
    )
    dana.does_not_see("Register with GlobalSign Atlas", "Alice Test")

    bob.opens_the_mail("Accepted: ")
    bob.follow("External access")
    bob.sees("Dana Test, dana@dcp.example", "“Create the CSR” and “Build the PFX”")
    bob.tab.get_by_role("link", name="Revoke").click()
    bob.press("Revoke")
    bob.sees("Dana Test cannot see anything here any more, and is told.")

    assert dana.tab.goto(f"/onboardings/{case.code}/csr/").status == 404  # type: ignore[union-attr]
    dana.tab.goto("/")  # the email that tells of it waits: it is the second one within five minutes
    dana.sees("You have nothing to do")
