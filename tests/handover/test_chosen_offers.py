"""Several offers accepted at once: what is shown before, what came of each, and who may.

Accepting a single one is tested in test_offers.py and test_offer_pages.py.
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from certs import clock
from onboarding.audit.models import Event
from onboarding.handover import offers
from onboarding.handover.models import Grant, Offer
from onboarding.journey import progress
from onboarding.journey.models import Onboarding
from onboarding.people.models import User
from tests.handover.factories import make_dana, make_offer, make_outside_offer, open_steps
from tests.people_fixtures import People, client_of, step
from tests.time_travel import travel

CHOSEN, ACCEPT = "/handovers/chosen/", "/handovers/chosen/accept/"


def _words(answer: Any) -> str:
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())


@pytest.fixture
def dana(db: None) -> User:
    return make_dana()


@pytest.fixture
def both(people: People, onboarding: Onboarding, dana: User) -> list[Offer]:
    """One offer of each company to Dana: the CSR of company one, the PFX of company two."""
    other = progress.start(people.two, environment="uit", actor=people.charlie)
    open_steps(onboarding, "csr")
    open_steps(other, "pfx")
    return [
        make_outside_offer(onboarding, people.bob, dana.email, "csr"),
        make_outside_offer(other, people.charlie, dana.email, "pfx"),
    ]


def _chosen(address: str, both: list[Offer]) -> str:
    return f"{address}?{'&'.join(f'offer={offer.pk}' for offer in both)}"


def _assignees() -> list[User | None]:
    return [step(each, slug).assignee for each in Onboarding.objects.all() for slug in ("csr", "pfx")]


def test_from_the_first_page_to_what_came_of_each(people: People, dana: User, both: list[Offer]) -> None:
    browser = client_of(dana)
    page = BeautifulSoup(browser.get("/").content, "html.parser")
    boxes = page.select('form[action="/handovers/chosen/"] input[type="checkbox"][name="offer"]')
    assert {box["value"] for box in boxes} == {str(offer.pk) for offer in both}
    labels = [
        label.get_text(strip=True) for box in boxes for label in page.select(f'label[for="{box["id"]}"]')
    ]
    assert len(set(labels)) == 2
    looked = browser.get(_chosen(CHOSEN, both))
    words = _words(looked)
    for said in ("One Energy Ltd, UIT: “Create the CSR”", "Two Power Ltd, UIT: “Build the PFX”"):
        assert said in words
    assert "Bob Test offered it to you on " in words
    assert "Charlie Test offered it to you on " in words
    assert words.count("You can answer until ") == 2
    assert dana not in _assignees(), "to look changes nothing"
    form = BeautifulSoup(looked.content, "html.parser").select_one("main form")
    assert form is not None
    assert str(form["action"]).startswith(ACCEPT)
    answer = browser.post(str(form["action"]))
    assert answer.status_code == 200
    assert "2 offers accepted" in _words(answer)
    assert "Bob Test is told" in _words(answer)
    assert step(both[0].onboarding, "csr").assignee == dana
    assert step(both[1].onboarding, "pfx").assignee == dana
    assert Grant.objects.in_force().filter(user=dana).count() == 2


def test_one_that_is_refused_does_not_stop_the_others(people: People, dana: User, both: list[Offer]) -> None:
    browser = client_of(dana)
    offers.withdraw(both[0], actor=people.bob)
    words = _words(browser.get(_chosen(CHOSEN, both)))
    assert "Not to be accepted any more" in words
    assert "Bob Test withdrew this offer on" in words
    answer = browser.post(_chosen(ACCEPT, both))
    assert answer.status_code == 200
    assert "1 accepted, 1 not" in _words(answer)
    assert "One Energy Ltd, UIT: “Create the CSR”. Bob Test withdrew this offer on" in _words(answer)
    assert step(both[0].onboarding, "csr").assignee == people.bob
    assert step(both[1].onboarding, "pfx").assignee == dana


def test_a_second_submit_accepts_nothing_and_says_when_it_was_done(dana: User, both: list[Offer]) -> None:
    browser = client_of(dana)
    assert browser.post(_chosen(ACCEPT, both)).status_code == 200
    events = Event.objects.count()
    again = browser.post(_chosen(ACCEPT, both))
    assert again.status_code == 409
    assert "Nothing was accepted" in _words(again)
    assert _words(again).count("Dana Test accepted this offer on") == 2
    assert Event.objects.count() == events
    assert Grant.objects.count() == 2


def test_who_lost_the_right_meanwhile_is_told_so_by_the_move(people: People, onboarding: Onboarding) -> None:
    open_steps(onboarding, "csr")
    offer = make_offer(onboarding, people.bob, people.tess)
    people.tess.memberships.update(role="reader")
    answer = client_of(people.tess).post(_chosen(ACCEPT, [offer]))
    assert answer.status_code == 409
    assert "Tess Test is not one at the moment" in _words(answer)
    assert step(onboarding, "csr").assignee == people.bob


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_is_not_asked_is_refused_and_a_stranger_learns_nothing(
    people: People, dana: User, both: list[Offer], method: str
) -> None:
    address = CHOSEN if method == "get" else ACCEPT

    def ask(user: User, chosen: list[Offer], more: str = "") -> Any:
        return getattr(client_of(user), method)(_chosen(address, chosen) + more)

    for user in (people.alice, people.bob):  # they see the offer of company one, and are not asked
        refused = ask(user, both[:1])
        assert refused.status_code == 403
        assert "can answer this offer" in _words(refused)
        assert ask(user, both).status_code == 404
    assert ask(people.tess, both).status_code == 404
    assert ask(dana, both, f"&offer={uuid4()}").status_code == 404
    assert ask(dana, both, "&offer=none").status_code == 404
    assert dana not in _assignees()


def test_a_refusal_is_in_the_security_log_with_the_case_it_was_about(
    people: People, dana: User, both: list[Offer], caplog: pytest.LogCaptureFixture
) -> None:
    browser = client_of(people.tess)
    caplog.set_level("INFO", "portal.security")
    browser.post(_chosen(ACCEPT, both))
    (refused,) = [each for each in caplog.messages if "access_refused" in each]
    assert any(str(offer.onboarding_id) in refused for offer in both)


def test_nothing_chosen_and_too_many_lead_back_with_a_sentence(
    dana: User, both: list[Offer], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = client_of(dana)
    for answer in (browser.get(CHOSEN, follow=True), browser.post(ACCEPT, follow=True)):
        assert answer.redirect_chain[-1][0] == "/tasks/offered/"
        assert "Choose at least one of the offers." in _words(answer)
    monkeypatch.setattr("onboarding.handover.chosen_offer_views.MOST_AT_ONCE", 1)
    answer = browser.post(_chosen(ACCEPT, both), follow=True)
    assert "Choose at most 1 offers at once." in _words(answer)
    assert dana not in _assignees()


def test_a_get_on_the_address_that_accepts_leads_to_the_page_before(dana: User, both: list[Offer]) -> None:
    browser = client_of(dana)
    answer = browser.get(_chosen(ACCEPT, both), follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[0][0].startswith(CHOSEN)
    assert "Accept the chosen steps" in _words(answer)
    assert dana not in _assignees()


def test_who_was_signed_out_meanwhile_comes_back_to_the_same_choice(both: list[Offer]) -> None:
    answer = Client().post(_chosen(ACCEPT, both))
    assert answer.status_code == 302
    assert str(both[1].pk) in answer["Location"]


def test_what_has_ended_cannot_be_accepted(dana: User, both: list[Offer]) -> None:
    with travel(clock.now() + timedelta(days=8)):
        browser = client_of(dana)
        looked = browser.get(_chosen(CHOSEN, both))
        assert BeautifulSoup(looked.content, "html.parser").select("main form") == []
        assert browser.post(_chosen(ACCEPT, both)).status_code == 409
