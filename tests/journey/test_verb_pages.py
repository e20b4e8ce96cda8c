"""The other buttons, through the pages: report a problem, try again, send back, withdraw; who may and who is told no.

What these moves write is tested in test_progress_backwards.py.
"""

from typing import Any

import pytest
from django.test import Client

from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.journey.models import Onboarding
from onboarding.people.models import User
from tests.journey.form_client import form_on, press, sentences_of, soup, values_of
from tests.journey.step_actions import bring_to, step_action
from tests.people_fixtures import People, client_of, shows_errors, step

PROBLEM = {"code": "vetting-late", "detail": "since Monday"}
BACK = {"to": "identity-profile", "reason": "the street is wrong"}


@pytest.fixture
def base(people: People, onboarding: Onboarding) -> str:
    """The address of a step that waits for GlobalSign, and may be sent back."""
    bring_to(onboarding, people, step_action("verification", waits=True))
    return f"/onboardings/{onboarding.code}/verification/"


def _post(user: User, path: str, data: dict[str, Any]) -> Any:
    return client_of(user).post(path, data)


@pytest.mark.parametrize(("verb", "data"), [("problem", PROBLEM), ("send-back", BACK), ("reopen", {})])
@pytest.mark.parametrize("typed", [True, False], ids=["filled in", "empty"])
def test_who_may_not_is_told_so_whatever_was_typed(
    people: People, base: str, verb: str, data: dict[str, str], typed: bool
) -> None:
    onboarding = Onboarding.objects.get()
    version = step(onboarding, "verification").version
    for name, status in (("tess", 403), ("rhea", 403), ("olga", 403), ("charlie", 404)):
        wanted = 409 if verb == "reopen" and status == 403 else status
        answer = _post(getattr(people, name), f"{base}{verb}/", data if typed else {})
        assert answer.status_code in (status, wanted)
        assert status == 404 or "Only a Certificate Admin" in sentences_of(answer)
    assert Client().post(f"{base}{verb}/", data).status_code == 302
    assert step(onboarding, "verification").version == version


def test_a_problem_is_reported_and_mended_with_the_buttons_of_the_page(people: People, base: str) -> None:
    browser = client_of(people.bob)
    answer = press(browser, base, f"{base}problem/", PROBLEM)
    assert answer["Location"] == base
    page = sentences_of(browser.get(base))
    assert "What was seen: since Monday" in page
    again = press(browser, base, f"{base}reopen/", {})
    assert again["Location"] == base
    assert step(Onboarding.objects.get(), "verification").state == "waiting"
    twice = browser.post(f"{base}reopen/")
    assert twice.status_code == 409
    assert "is waiting now" in sentences_of(twice)


def test_a_step_is_sent_back_with_the_buttons_of_the_page(people: People, base: str) -> None:
    browser = client_of(people.bob)
    answer = press(browser, base, f"{base}send-back/", BACK)
    assert answer["Location"] == base.replace("verification", "identity-profile")
    assert step(Onboarding.objects.get(), "verification").state == "locked"
    twice = browser.post(f"{base}send-back/", BACK)
    assert twice.status_code == 409
    assert "cannot start yet" in sentences_of(twice)


@pytest.mark.parametrize(
    ("verb", "data", "said"),
    [
        ("problem", {"code": ""}, ""),
        ("problem", {"code": "dip-refused"}, ""),
        ("send-back", {**BACK, "to": "quote"}, ""),
        ("send-back", {**BACK, "reason": " "}, "Give a reason; the others will read it."),
    ],
)
def test_what_does_not_fit_is_asked_again(
    people: People, base: str, verb: str, data: dict[str, str], said: str
) -> None:
    answer = _post(people.bob, f"{base}{verb}/", data)
    assert shows_errors(answer)
    assert "There is a problem" in sentences_of(answer)
    assert said in sentences_of(answer)
    assert form_on(answer, f"{base}{verb}/")
    assert step(Onboarding.objects.get(), "verification").state == "waiting"


def test_a_step_without_a_way_back_is_not_sent_back(people: People, onboarding: Onboarding) -> None:
    answer = _post(people.alice, f"/onboardings/{onboarding.code}/register/send-back/", BACK)
    assert answer.status_code == 409
    assert "This step cannot be sent back." in sentences_of(answer)


@pytest.mark.parametrize("verb", ["problem", "send-back", "reopen"])
def test_a_button_of_an_old_page_moves_nothing(people: People, base: str, verb: str) -> None:
    answer = _post(people.bob, f"{base}{verb}/", {**PROBLEM, **BACK, "version": "0"})
    assert answer.status_code == 409
    assert step(Onboarding.objects.get(), "verification").state == "waiting"


@pytest.mark.parametrize("verb", ["problem", "send-back", "reopen", "take", "release"])
def test_a_verb_that_is_followed_like_a_link_leads_to_its_page(people: People, base: str, verb: str) -> None:
    before = step(Onboarding.objects.get(), "verification").version
    assert client_of(people.bob).get(f"{base}{verb}/")["Location"] == base
    assert step(Onboarding.objects.get(), "verification").version == before


@pytest.mark.parametrize("name", ["alice", "olga"])
def test_an_onboarding_is_withdrawn_with_a_reason(people: People, base: str, name: str) -> None:
    onboarding = Onboarding.objects.get()
    page, browser = f"/onboardings/{onboarding.code}/withdraw/", client_of(getattr(people, name))
    assert shows_errors(browser.post(page, {"reason": ""}))
    answer = press(browser, page, page, {"reason": "we left the market"})
    assert answer["Location"] == "/companies/one/"
    onboarding.refresh_from_db()
    assert onboarding.status == "withdrawn"
    assert Event.objects.get(name=EventName.ONBOARDING_WITHDRAWN).data == {"reason": "we left the market"}
    assert "This onboarding was withdrawn" in sentences_of(browser.get(f"/onboardings/{onboarding.code}/"))
    for path in (base, f"{base}confirm/", f"{base}problem/", f"{base}send-back/"):
        refused = client_of(people.alice).post(path, {**PROBLEM, **BACK})
        assert refused.status_code == 409
        assert "changed nothing" in sentences_of(refused) or "withdrawn" in sentences_of(refused)
    assert browser.post(page, {"reason": "again"}).status_code == 409


def test_nobody_else_withdraws(people: People, base: str) -> None:
    page = f"/onboardings/{Onboarding.objects.get().code}/withdraw/"
    for name, status in (("bob", 403), ("tess", 403), ("rhea", 403), ("charlie", 404)):
        browser = client_of(getattr(people, name))
        assert browser.get(page).status_code == status
        assert browser.post(page, {"reason": "-"}).status_code == status
    assert Onboarding.objects.get().status == "active"


def test_every_page_of_a_withdrawn_onboarding_can_still_be_read(people: People, base: str) -> None:
    onboarding = Onboarding.objects.get()
    page = f"/onboardings/{onboarding.code}/withdraw/"
    press(client_of(people.alice), page, page, {"reason": "we left the market"})
    for name in ("alice", "rhea", "olga"):
        for path in ("", "history/", "verification/", "register/", "csr/", "proof/"):
            answer = client_of(getattr(people, name)).get(f"/onboardings/{onboarding.code}/{path}")
            assert answer.status_code == 200
            assert [f for f in answer.content.decode().split("<form")[1:] if "/onboardings/" in f[:200]] == []


def _actions_in_the_box(page: Any) -> list[str]:
    box = soup(page).select_one(".app-now--problem")
    assert box is not None
    return [" ".join(each.get_text().split()) for each in box.select("a.govuk-button, button")]


def test_a_rejected_profile_leads_back_to_the_profile_before_another_try(people: People, base: str) -> None:
    browser = client_of(people.bob)
    press(browser, base, f"{base}problem/", {"code": "identity-rejected", "detail": "the name"})
    page = browser.get(base)
    assert _actions_in_the_box(page) == [
        "Go back to “Request the identity profile”",
        "Try this step again",
    ]
    back = soup(page).select_one("#send-back details[open]")
    assert back is not None
    assert values_of(form_on(page, f"{base}send-back/"))["to"] == "identity-profile"
    for_others = client_of(people.tess).get(base)
    assert _actions_in_the_box(for_others) == []
    assert "A Certificate Admin sends this step back to “Request the identity profile”." in sentences_of(
        for_others
    )
    assert client_of(people.charlie).get(base).status_code == 404


def test_a_problem_that_may_end_without_going_back_leads_with_another_try(people: People, base: str) -> None:
    browser = client_of(people.bob)
    press(browser, base, f"{base}problem/", PROBLEM)
    page = browser.get(base)
    assert _actions_in_the_box(page) == ["Try this step again"]
    assert soup(page).select_one("#send-back details[open]") is None
