"""Handing over through the pages, from both sides: the form, the look before sending, the answer, what is refused.

The moves by themselves are in test_offers.py.
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from onboarding.handover import offers
from onboarding.handover.models import Offer
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.people.models import Invitation
from tests.handover.factories import make_dana, make_grant, make_offer, make_outside_offer, open_steps
from tests.people_fixtures import PASSWORD, People, client_of, fresh_client_of, shows_errors, step


@pytest.fixture
def case(onboarding: Onboarding) -> Onboarding:
    open_steps(onboarding, "csr", "api-credentials")
    return onboarding


def _text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def _date(name: str, days: int) -> dict[str, str]:
    day = timezone.localdate() + timedelta(days=days)
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def _form(to: str, **more: Any) -> dict[str, Any]:
    filled: dict[str, Any] = {
        "steps": ["csr"],
        "to": to,
        "reason": "I am away",
        "note": "Ask Bob about the vault",
    }
    return {**filled, **_date("expires_on", 7), **_date("access_until", 30), "action": "check", **more}


def _path(case: Onboarding, slug: str = "csr") -> str:
    return f"/onboardings/{case.code}/{slug}/hand-over/"


def test_a_handover_from_the_form_to_the_receivers_page(people: People, case: Onboarding) -> None:
    bob, tess = client_of(people.bob), client_of(people.tess)
    StepRecord.objects.filter(onboarding=case, slug="csr").update(draft={"way": "own"})
    assert _path(case) in _text(bob.get(f"/onboardings/{case.code}/csr/"))
    form = _text(bob.get(_path(case)))
    assert "Tess Test" in form
    assert "Technician. Holds no step now." in form
    looked = bob.post(_path(case), _form(str(people.tess.pk)))
    assert looked.status_code == 200
    preview = _text(looked)
    for words in (
        "what Tess Test gets",
        "I am away",
        "Ask Bob about the vault",
        "does not see",
        "The draft that goes",
    ):
        assert words in preview
    assert not Offer.objects.exists()
    sent = _resend(bob, case, looked)
    offer = Offer.objects.get()
    assert sent["Location"] == f"/handovers/{offer.pk}/"
    assert "Offered to Tess Test. It stays yours until they accept." in _text(bob.get(sent["Location"]))
    seen = _text(client_of(people.rhea).get(f"/onboardings/{case.code}/csr/"))
    assert "Offered to Tess Test (Technician) on" in seen
    assert "It stays with Bob Test until they accept." in seen
    asked = _text(tess.get(f"/handovers/{offer.pk}/"))
    for words in (
        "Bob Test hands over to you",
        "I am away",
        "Ask Bob about the vault",
        "First: Open the step and choose where the key is made",
    ):
        assert words in asked
    accepted = tess.post(f"/handovers/{offer.pk}/accept/")
    assert accepted["Location"] == f"/onboardings/{case.code}/csr/"
    assert "Bob Test handed it to you on" in _text(tess.get(accepted["Location"]))
    assert "Tess Test accepted this offer on" in _text(bob.get(f"/handovers/{offer.pk}/"))


def _resend(browser: Any, case: Onboarding, looked: Any) -> Any:
    """Press the button of the page before sending: post what is hidden in it."""
    soup = BeautifulSoup(looked.content, "html.parser")
    hidden = soup.select("main form input[type=hidden]")
    data: dict[str, list[str]] = {}
    for each in hidden:
        data.setdefault(str(each["name"]), []).append(str(each["value"]))
    return browser.post(_path(case), {**data, "action": "send"})


def test_change_leads_back_to_the_form_with_everything_typed(people: People, case: Onboarding) -> None:
    back = client_of(people.bob).post(_path(case), _form(str(people.tess.pk), action="change"))
    assert back.status_code == 200
    assert "Ask Bob about the vault" in _text(back)
    assert not Offer.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"reason": " "}, "Give a reason; the receiver decides by it."),
        ({"to": ""}, "Choose who is to get it."),
        ({"steps": []}, "Choose at least one step."),
        ({"steps": ["register"]}, "register is not one of the available choices"),
        ({"expires_on_year": "2020"}, "or later"),
        ({"to": "outside"}, "Enter the email address of the person outside the company."),
        (
            {"to": "outside", "email": "d@dcp.example", **_date("access_until", 3)},
            "at least until the last day",
        ),
        ({"to": "outside", "email": "nobody at all"}, "Enter a valid email address"),
        ({"to": "outside", "email": "TESS@dcp.example"}, "Tess Test belongs to One Energy Ltd"),
        (
            {"to": "outside", "email": "d@dcp.example", "steps": ["csr", "api-credentials"]},
            "cannot go to somebody",
        ),
        ({"note": "-----BEGIN PRIVATE " + "KEY-----"}, "private key"),
    ],
)
def test_what_is_wrong_in_the_form_is_said_and_nothing_typed_is_lost(
    people: People, case: Onboarding, wrong: dict[str, Any], sentence: str
) -> None:
    answer = client_of(people.bob).post(_path(case), _form(str(people.tess.pk)) | wrong)
    assert shows_errors(answer)
    assert sentence in _text(answer)
    assert "reason" in wrong or "I am away" in _text(answer)
    assert not Offer.objects.exists()


def test_what_was_typed_survives_an_expired_session(people: People, case: Onboarding) -> None:
    browser = client_of(people.bob)
    browser.get(_path(case))
    browser.session.flush()
    sent = browser.post(_path(case), _form(str(people.tess.pk)))
    assert sent["Location"] == f"/accounts/login/?next={_path(case)}"
    data = {"login": people.bob.email, "password": PASSWORD}
    back = browser.post(sent["Location"], data, follow=True)
    assert back.redirect_chain[-1][0] == _path(case)
    assert back.status_code == 200
    assert "Ask Bob about the vault" in _text(back)
    assert not Offer.objects.exists()


def test_a_forged_receiver_is_none_of_the_choices(people: People, case: Onboarding) -> None:
    for forged in (people.charlie.pk, people.rhea.pk, people.bob.pk, uuid4(), "1; drop"):
        answer = client_of(people.bob).post(_path(case), _form(str(forged), action="send"))
        assert shows_errors(answer)
    assert not Offer.objects.exists()


@pytest.mark.parametrize(
    ("name", "status"), [("rhea", 403), ("olga", 403), ("charlie", 404), ("tess", 200), ("alice", 200)]
)
def test_only_who_may_do_a_step_comes_to_its_form(
    people: People, case: Onboarding, name: str, status: int
) -> None:
    assert client_of(getattr(people, name)).get(_path(case)).status_code == status


def test_the_page_says_why_a_step_of_the_primary_stays_with_her(
    people: People, onboarding: Onboarding
) -> None:
    why = "so it cannot be handed to anybody else"
    browser = client_of(people.alice)
    assert why in _text(browser.get(f"/onboardings/{onboarding.code}/register/"))
    refused = browser.get(_path(onboarding, "register"))
    assert refused.status_code == 403
    assert why in _text(refused)


def test_a_technician_can_offer_to_members_only(people: People, case: Onboarding) -> None:
    browser = client_of(people.tess)
    assert "Somebody outside the company" not in _text(browser.get(_path(case)))
    forged = browser.post(_path(case), _form("outside", email="d@dcp.example", action="send"))
    assert shows_errors(forged)


@pytest.mark.parametrize("address", ["Dana@DCP.example", "new.person+tag@dcp.example", "o'hara@dcp.example"])
def test_an_offer_outside_asks_for_a_fresh_sign_in_and_says_the_same_for_every_address(
    people: People, case: Onboarding, address: str
) -> None:
    make_dana()
    stale = client_of(people.bob).post(_path(case), _form("outside", email=address, action="send"))
    assert stale.status_code == 302
    assert "/reauthenticate/" in stale["Location"]
    assert not Offer.objects.exists()
    browser = fresh_client_of(people.bob)
    assert "the company's name" in _text(browser.post(_path(case), _form("outside", email=address))).replace(
        "&#x27;", "'"
    )
    sent = browser.post(_path(case), _form("outside", email=address, action="send"), follow=True)
    shown = _text(sent).replace("&#x27;", "'")
    assert f"Offered to {address.lower()}. It stays yours until they accept." in shown
    assert Invitation.objects.count() == (0 if address.startswith("Dana") else 1)


def test_a_second_offer_of_the_same_step_is_refused_with_who_and_when(
    people: People, case: Onboarding
) -> None:
    make_offer(case, people.bob, people.tess)
    again = client_of(people.bob).post(_path(case), _form(str(people.alice.pk), action="send"))
    assert again.status_code == 409
    assert "Bob Test offered “Create the CSR” to Tess Test on" in _text(again)


def test_declining_asks_for_a_reason_and_both_read_it(people: People, case: Onboarding) -> None:
    offer = make_offer(case, people.bob, people.tess)
    tess = client_of(people.tess)
    silent = tess.post(f"/handovers/{offer.pk}/decline/", {"reason": " "})
    assert shows_errors(silent)
    assert "Give a reason; the other side will read it." in _text(silent)
    tess.post(f"/handovers/{offer.pk}/decline/", {"reason": "No OpenSSL here"})
    for user in (people.bob, people.tess):
        assert "No OpenSSL here" in _text(client_of(user).get(f"/handovers/{offer.pk}/"))


def test_a_replayed_answer_changes_nothing_and_says_so(people: People, case: Onboarding) -> None:
    offer = make_offer(case, people.bob, people.tess)
    tess = client_of(people.tess)
    assert tess.post(f"/handovers/{offer.pk}/accept/").status_code == 302
    again = tess.post(f"/handovers/{offer.pk}/accept/")
    assert again.status_code == 409
    assert "Tess Test accepted this offer on" in _text(again)
    late = client_of(people.bob).post(f"/handovers/{offer.pk}/withdraw/", {"reason": ""})
    assert late.status_code == 409
    returned = tess.post(f"/handovers/{offer.pk}/return/", {"reason": "I am ill"})
    assert returned["Location"] == "/?stay"
    assert step(case, "csr").assignee == people.bob


def test_after_it_ended_somebody_outside_sees_neither_draft_nor_steps(
    people: People, case: Onboarding
) -> None:
    dana = make_dana()
    StepRecord.objects.filter(onboarding=case, slug="csr").update(draft={"way": "own"})
    offer = make_outside_offer(case, people.bob, dana.email)
    browser = client_of(dana)
    assert "The draft that goes with it" in _text(browser.get(f"/handovers/{offer.pk}/"))
    offers.withdraw(offer, actor=people.bob)
    assert "The draft" not in _text(browser.get(f"/handovers/{offer.pk}/"))


def test_somebody_outside_returns_a_step_through_the_pages(people: People, case: Onboarding) -> None:
    dana = make_dana()
    offer = make_grant(case, people.bob, dana)
    browser = client_of(dana)
    assert f"/handovers/{offer.pk}/" in _text(browser.get(f"/onboardings/{case.code}/csr/"))
    answer = browser.post(f"/handovers/{offer.pk}/return/", {"reason": "No time"}, follow=True)
    assert answer.status_code == 200
    assert browser.get(f"/onboardings/{case.code}/csr/").status_code == 404


def test_who_is_asked_lands_on_the_desk_and_not_on_the_journey(people: People, case: Onboarding) -> None:
    browser = client_of(people.tess)
    assert browser.get("/").status_code == 302
    make_offer(case, people.bob, people.tess)
    assert "Offered to you (1)" in _text(browser.get("/"))
