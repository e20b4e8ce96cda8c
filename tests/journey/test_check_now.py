"""When the portal looks, the button that has it look at once, and the form by hand that stands aside.

How a poll answers is tested in polling/.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from bs4 import Tag
from django.conf import settings as django_settings
from django.test import Client
from pydantic import SecretStr

from certs import clock
from onboarding.handover import claims
from onboarding.journey.models import Onboarding, StepRecord
from tests.handover.factories import make_dana, make_grant
from tests.journey.form_client import press, sentences_of, soup
from tests.journey.step_actions import bring_to, day, step_action
from tests.people_fixtures import People, client_of, shows_errors, step
from tests.workers import claim_rows

ATLAS, DIP = "https://atlas.example", "https://dip.example"


@pytest.fixture
def watched(people: People, onboarding: Onboarding, settings: Any) -> Iterator[str]:
    """The address of an open step that the portal watches in Atlas, whose last look was half a minute ago."""
    bring_to(onboarding, people, step_action("payment-method"))
    _give_the_api(settings)
    _set_look(onboarding, "payment-method", last=30, ahead=12)
    return f"/onboardings/{onboarding.code}/payment-method/"


def _give_the_api(settings: Any) -> None:
    api = {"account_api_url": "https://atlas.example", "account_api_token": SecretStr("none")}
    known = {"atlas_portal_url": ATLAS, "dip_url": DIP}
    settings.PORTAL = django_settings.PORTAL.model_copy(update={**api, **known})


def _set_look(onboarding: Onboarding, slug: str, *, last: float, ahead: float, polls: int = 9) -> None:
    """As the worker leaves it: `last` seconds ago it looked, in `ahead` seconds it looks again."""
    now = clock.now()
    onboarding.steps.filter(slug=slug).update(
        polled_at=now - timedelta(seconds=last),
        next_check_at=now + timedelta(seconds=ahead),
        poll_count=polls,
        last_poll_result="Atlas shows no payment method yet",
    )


def _ask(client: Client, page: str) -> str:
    """Press Check now; what the page says then."""
    answer = press(client, page, f"{page}check-now/", {})
    assert (answer.status_code, answer["Location"]) == (302, page)
    return sentences_of(client.get(page))


def _is_due(onboarding: Onboarding, slug: str = "payment-method") -> bool:
    return StepRecord.objects.due(clock.now()).filter(onboarding=onboarding, slug=slug).exists()


def test_the_line_has_the_true_pause_and_the_last_look(people: People, watched: str) -> None:
    said = sentences_of(client_of(people.alice).get(watched))
    assert "We look about every 42 seconds; last just now" in said
    assert "The last time we saw: Atlas shows no payment method yet." in said


@pytest.mark.parametrize("name", ["alice", "olga"])
def test_who_may_do_the_step_and_ops_have_the_portal_look_at_once(
    people: People, onboarding: Onboarding, watched: str, name: str
) -> None:
    version = step(onboarding, "payment-method").version
    assert not _is_due(onboarding)
    said = _ask(client_of(getattr(people, name)), watched)
    assert "We are looking now" in said
    assert _is_due(onboarding)
    assert claim_rows() == [step(onboarding, "payment-method").pk]
    assert step(onboarding, "payment-method").version == version


def test_a_second_press_brings_no_second_poll(people: People, onboarding: Onboarding, watched: str) -> None:
    alice = client_of(people.alice)
    _ask(alice, watched)
    pk = step(onboarding, "payment-method").pk
    assert claim_rows() == [pk]
    alice.post(f"{watched}check-now/")
    assert claim_rows() == []


def test_nobody_asks_twice_in_ten_seconds(people: People, onboarding: Onboarding, watched: str) -> None:
    _set_look(onboarding, "payment-method", last=8, ahead=34)
    page = client_of(people.alice)
    answer = page.post(f"{watched}check-now/", follow=True)
    assert "The portal looked less than 10 seconds ago." in " ".join(soup(answer).get_text(" ").split())
    assert not _is_due(onboarding)
    _set_look(onboarding, "payment-method", last=11, ahead=31)
    _ask(page, watched)
    assert _is_due(onboarding)


def test_a_pause_for_which_atlas_asked_is_kept(people: People, onboarding: Onboarding, watched: str) -> None:
    _set_look(onboarding, "payment-method", last=60, ahead=1_800, polls=1)
    answer = client_of(people.alice).post(f"{watched}check-now/", follow=True)
    assert "The portal cannot ask Atlas again yet." in " ".join(soup(answer).get_text(" ").split())
    assert not _is_due(onboarding)


@pytest.mark.parametrize(("name", "status"), [("bob", 403), ("tess", 403), ("rhea", 403), ("charlie", 404)])
def test_nobody_else_asks_it(
    people: People, onboarding: Onboarding, watched: str, name: str, status: int
) -> None:
    browser = client_of(getattr(people, name))
    assert browser.post(f"{watched}check-now/").status_code == status
    assert not _is_due(onboarding)
    page = browser.get(watched)
    assert "Check now" not in page.content.decode()
    assert status == 404 or "We look about every" in sentences_of(page)


def test_somebody_from_outside_asks_it_for_their_step(people: People, onboarding: Onboarding) -> None:
    bring_to(onboarding, people, step_action("csr"))
    dana = make_dana()
    make_grant(onboarding, people.alice, dana, "csr")
    onboarding.steps.filter(slug="csr").update(state="waiting", submitted_at=clock.now())
    _set_look(onboarding, "csr", last=30, ahead=12)
    _ask(client_of(dana), f"/onboardings/{onboarding.code}/csr/")
    assert _is_due(onboarding, "csr")


def test_a_step_at_which_the_portal_does_not_look_is_not_asked_for(
    people: People, onboarding: Onboarding
) -> None:
    bring_to(onboarding, people, step_action("payment-method"))
    page, browser = f"/onboardings/{onboarding.code}/payment-method/", client_of(people.alice)
    assert "Check now" not in browser.get(page).content.decode()
    refused = browser.post(f"{page}check-now/")
    assert refused.status_code == 409
    assert "The portal does not look by itself" in sentences_of(refused)


def test_the_address_leads_back_to_the_step(people: People, watched: str) -> None:
    back = client_of(people.rhea).get(f"{watched}check-now/")
    assert (back.status_code, back["Location"]) == (302, watched)
    assert Client().post(f"{watched}check-now/")["Location"] == f"/accounts/login/?next={watched}"


def _folded(answer: Any) -> Tag | None:
    """The form by hand, if it stands aside."""
    return soup(answer).select_one("#your-part > details:not([open]) form")


def test_the_form_by_hand_stands_aside_where_the_portal_sees_it_until_it_is_wrong(
    people: People, watched: str
) -> None:
    alice = client_of(people.alice)
    page = alice.get(watched)
    assert "It is done, but the portal has not noticed" in sentences_of(page)
    assert _folded(page) is not None
    wrong = press(alice, watched, watched, day("set_on") | {"set_on_day": "99"}, action="save")
    assert shows_errors(wrong)
    assert _folded(wrong) is None
    assert soup(wrong).select("#your-part form")
    assert press(alice, watched, watched, day("set_on"), action="save").status_code == 302


def test_a_wait_that_the_portal_sees_end_has_its_form_folded(
    people: People, onboarding: Onboarding, settings: Any
) -> None:
    bring_to(onboarding, people, step_action("verification", waits=True))
    page, bob = f"/onboardings/{onboarding.code}/verification/", client_of(people.bob)
    assert _folded(bob.get(page)) is None
    assert soup(bob.get(page)).select("#your-part form")
    _give_the_api(settings)
    _set_look(onboarding, "verification", last=30, ahead=12)
    assert _folded(bob.get(page)) is not None
    assert "You have nothing to do now" in sentences_of(bob.get(page))
    assert "We look about every 42 seconds" in sentences_of(bob.get(page))


def test_the_box_has_the_verb_and_the_button_to_atlas_where_its_address_is_known(
    people: People, onboarding: Onboarding, watched: str, settings: Any
) -> None:
    claims.claim(step(onboarding, "payment-method"), actor=people.alice)
    box = soup(client_of(people.alice).get(watched)).select_one(".app-now--yours")
    assert box is not None
    heading, button = box.select_one("h2"), box.select_one("a.govuk-button")
    assert heading is not None
    assert heading.get_text() == "Set a payment method in Atlas"
    assert button is not None
    assert (button.get_text(), button["href"]) == ("Open the Atlas portal", ATLAS)
    settings.PORTAL = settings.PORTAL.model_copy(update={"atlas_portal_url": None})
    assert "Open the Atlas portal" not in client_of(people.alice).get(watched).content.decode()
    for_bob = soup(client_of(people.bob).get(watched)).select_one(".app-now--theirs")
    assert for_bob is not None
    assert for_bob.select("a.govuk-button") == []
