"""What a done step says of the way on: to who goes on, to who waits for others, and to somebody from outside."""

from typing import Any

import pytest
from bs4 import Tag

from onboarding.handover import claims
from onboarding.journey import progress
from onboarding.journey.models import Onboarding
from onboarding.people.models import User
from tests.handover.factories import make_dana, make_grant
from tests.journey.form_client import soup, words
from tests.journey.step_actions import STEP_ACTIONS, bring_to, perform, step_action
from tests.journey.step_pages import see, send
from tests.people_fixtures import People, client_of, step


def _next_on(answer: Any) -> Tag | None:
    return soup(answer).select_one("#next-step")


def _said(user: User, onboarding: Onboarding, slug: str) -> tuple[str, str, bool]:
    """(the words, the address that they lead to, whether it is a button) on the page of a done step."""
    part = _next_on(see(user, onboarding, slug))
    assert part is not None
    link = part.select_one("a")
    assert link is not None
    return " ".join(part.get_text(" ").split()), str(link["href"]), "govuk-button" in (link["class"] or "")


@pytest.fixture
def invited(people: People, onboarding: Onboarding) -> Onboarding:
    """The payment method is next, and Alice's."""
    bring_to(onboarding, people, step_action("payment-method"))
    return onboarding


def test_who_goes_on_gets_a_button_to_the_next_step(people: People, invited: Onboarding) -> None:
    page = f"/onboardings/{invited.code}/payment-method/"
    assert _said(people.alice, invited, "invitation") == ("Next: Set a payment method", page, True)


@pytest.mark.parametrize("name", ["bob", "tess", "rhea", "olga"])
def test_the_others_read_who_has_it(people: People, invited: Onboarding, name: str) -> None:
    claims.claim(step(invited, "payment-method"), actor=people.alice)
    said, address, is_button = _said(getattr(people, name), invited, "invitation")
    assert "Alice Test has it since" in said
    assert (address, is_button) == (f"/onboardings/{invited.code}/payment-method/", False)


def test_a_wait_that_is_next_is_called_one(people: People, onboarding: Onboarding) -> None:
    bring_to(onboarding, people, step_action("invitation", waits=True))
    said, _, is_button = _said(people.rhea, onboarding, "register")
    assert said.startswith("Next is a wait. You have nothing to do. Waiting for the two emails")
    assert not is_button


def test_who_can_do_a_later_step_meanwhile_is_led_there(people: People, onboarding: Onboarding) -> None:
    bring_to(onboarding, people, step_action("verification", waits=True))
    said, address, is_button = _said(people.tess, onboarding, "identity-profile")
    assert (said, is_button) == ("Next: Create the CSR", True)
    assert client_of(people.tess).get(address).status_code == 200


def test_a_problem_that_is_theirs_to_mend_is_the_next_step(people: People, invited: Onboarding) -> None:
    progress.report_problem(step(invited, "payment-method"), actor=people.alice, code="payment-method-stuck")
    assert _said(people.alice, invited, "register")[2]
    said, _, is_button = _said(people.bob, invited, "register")
    assert "The payment method cannot be set" in said
    assert not is_button


def test_after_the_last_step_the_page_leads_to_the_complete_onboarding(
    people: People, onboarding: Onboarding
) -> None:
    bring_to(onboarding, people, STEP_ACTIONS[-1])
    perform(onboarding, people, STEP_ACTIONS[-1])
    said, address, is_button = _said(people.rhea, onboarding, "dip-upload")
    assert (said, is_button) == ("The onboarding is complete. See the complete onboarding", True)
    assert "The onboarding is complete" in words(client_of(people.rhea).get(address))


def test_somebody_from_outside_hears_of_their_own_steps_only(people: People, onboarding: Onboarding) -> None:
    bring_to(onboarding, people, step_action("csr"))
    dana = make_dana()
    make_grant(onboarding, people.alice, dana, "csr", "pfx")
    assert send(dana, onboarding, step_action("csr")).status_code == 302
    said, address, _ = _said(dana, onboarding, "csr")
    assert said.startswith("You have nothing to do now. Your next step is “Build the PFX”.")
    assert address == "/"
    bring_to(onboarding, people, step_action("pfx"))
    page = f"/onboardings/{onboarding.code}/pfx/"
    assert _said(dana, onboarding, "csr") == ("Next: Build the PFX", page, True)
    assert send(dana, onboarding, step_action("pfx")).status_code == 302
    said, address, is_button = _said(dana, onboarding, "pfx")
    assert (said, address, is_button) == (
        "You have nothing more to do here. The people of One Energy Ltd go on. Your tasks",
        "/",
        False,
    )


def test_a_stranger_reads_nothing_of_it(people: People, invited: Onboarding) -> None:
    assert see(people.charlie, invited, "invitation").status_code == 404


def test_a_withdrawn_onboarding_and_a_step_under_way_name_no_next_step(
    people: People, invited: Onboarding
) -> None:
    assert _next_on(see(people.alice, invited, "payment-method")) is None
    progress.withdraw(invited, actor=people.alice, reason="we left the market")
    assert _next_on(see(people.alice, invited, "invitation")) is None
