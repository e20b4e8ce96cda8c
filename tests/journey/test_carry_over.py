"""What a new onboarding takes over from an earlier one, what it does not, and who is told to do something else first.

A renewal is in test_renewal.py; with the local Atlas and in a browser: tests/browser/test_carry_over.py.
"""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from certs import clock
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.journey import carry_over, progress
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.outcomes import Failed
from onboarding.journey.problems.codes import ProblemCode
from onboarding.journey.steps import Witness
from onboarding.people.decisions import StateConflict
from onboarding.people.models import Membership, Role
from tests.journey.form_client import sentences_of
from tests.journey.step_actions import bring_to, step_action
from tests.people_fixtures import People, client_of, record_roles, step
from tests.rules.marker import rule
from tests.time_travel import travel

START = "/companies/one/start/"
PRODUCTION = f"{START}?environment=production"
UIT = f"{START}?environment=uit"
EARLY = ["register", "invitation", "payment-method", "quote"]


@pytest.fixture
def past_quote(people: People, onboarding: Onboarding) -> Onboarding:
    """One's UIT, whose quote is accepted."""
    bring_to(onboarding, people, step_action("identity-profile", waits=True))
    return onboarding


def _states(onboarding: Onboarding) -> dict[str, str]:
    return dict(StepRecord.objects.filter(onboarding=onboarding).values_list("slug", "state"))


def _carried(onboarding: Onboarding) -> set[str]:
    found = StepRecord.objects.filter(onboarding=onboarding, witness=Witness.CARRIED_OVER)
    return set(found.values_list("slug", flat=True))


def _newest() -> Onboarding:
    return Onboarding.objects.latest("started_at")


def _check_everything() -> None:
    call_command("audit_check", stdout=StringIO())
    call_command("check_projection", stdout=StringIO())


@rule("R60", "T26")
def test_production_carries_over_what_is_of_the_account_and_nothing_else(
    people: People, finished: Onboarding
) -> None:
    record_roles(people)
    page = client_of(people.bob).get(PRODUCTION)
    said = sentences_of(page)
    assert page.status_code == 200
    assert f"What {finished.code} (UIT) has of it is carried over. Do not register again." in said
    assert "Valid until" in said
    assert "Review who has access, here and in Atlas" in said
    assert "Nobody has reviewed them yet." in said
    assert "API secret" not in said
    assert client_of(people.bob).post(PRODUCTION, {"confirmed": "carry"}).status_code == 302
    made = _newest()
    assert made.environment == "production"
    assert _carried(made) == {*EARLY, "identity-profile", "verification"}
    assert (_states(made)["api-credentials"], _states(made)["csr"]) == ("open", "open")
    assert (made.current_step, made.current_state) == ("api-credentials", "open")
    register = step(made, "register")
    assert register.facts == {**step(finished, "register").facts, "carried_from": finished.code}
    assert register.answers == step(finished, "register").answers
    shown = sentences_of(client_of(people.alice).get(f"/onboardings/{made.code}/register/"))
    assert f"Carried over from {finished.code}" in shown
    told = sentences_of(client_of(people.alice).get(f"/onboardings/{made.code}/history/"))
    assert "carried the step over from an earlier onboarding" in told
    _check_everything()


def test_an_onboarding_that_is_only_past_the_quote_is_enough(people: People, past_quote: Onboarding) -> None:
    client_of(people.alice).post(PRODUCTION, {"confirmed": "carry"})
    made = _newest()
    assert _carried(made) == set(EARLY)
    assert made.current_step == "identity-profile"


def test_a_verification_that_is_too_old_and_a_rejected_profile_are_not_carried_over(
    people: People, onboarding: Onboarding
) -> None:
    bring_to(onboarding, people, step_action("api-credentials"))
    old = clock.now() + timedelta(days=399)
    with travel(old):
        plan = carry_over.make_plan(people.one, "production")
    assert {each.slug for each in plan.carried} == {*EARLY, "identity-profile"}
    assert "verification" in {each.slug for each in plan.anew}
    with travel(old):
        made = carry_over.start(
            people.one, environment="production", actor=people.bob, after=None, keep=False, anew=False
        )
        page = sentences_of(client_of(people.bob).get(f"/onboardings/{made.code}/verification/"))
    assert _states(made)["verification"] == "waiting"
    assert f"The identity profile is that of {onboarding.code}. Do not send another one." in page


def test_a_profile_that_globalsign_rejected_is_sent_again(people: People, onboarding: Onboarding) -> None:
    record = bring_to(onboarding, people, step_action("verification", waits=True))
    progress.settle(record, Failed(ProblemCode.IDENTITY_REJECTED, "Case GS-1"), witness=Witness.ATLAS)
    plan = carry_over.make_plan(people.one, "production")
    assert {each.slug for each in plan.carried} == set(EARLY)


def test_a_company_without_an_earlier_onboarding_starts_at_once(people: People) -> None:
    browser = client_of(people.alice)
    assert browser.get(START).url == "/companies/one/"
    assert "nothing is carried over" in sentences_of(browser.get(f"{START}?environment=uit"))
    assert browser.get(PRODUCTION)["Location"] == f"{START}production/", (
        "the page that says what production is"
    )
    assert browser.get(f"{START}?environment=moon").status_code == 400
    assert browser.post(START, {"environment": "production", "confirmed": "yes"}).status_code == 302
    assert _newest().current_step == "register"


def test_who_has_something_to_carry_over_sees_it_before_it_starts(
    people: People, past_quote: Onboarding
) -> None:
    """A plain button elsewhere starts nothing: it leads to the page."""
    answer = client_of(people.alice).post(START, {"environment": "production", "after": past_quote.code})
    assert answer.url == f"{PRODUCTION}&after={past_quote.code}"
    assert Onboarding.objects.count() == 1


@rule("R7")
def test_certificate_admins_see_the_page_and_nobody_else(people: People, past_quote: Onboarding) -> None:
    wanted = {"bob": 200, "tess": 403, "rhea": 403, "olga": 403, "charlie": 404}
    for name, status in wanted.items():
        browser = client_of(getattr(people, name))
        assert browser.get(PRODUCTION).status_code == status, name
        if status != 200:
            assert browser.post(PRODUCTION, {"confirmed": "carry"}).status_code == status
    assert Onboarding.objects.count() == 1


def test_an_onboarding_that_is_not_past_the_quote_is_finished_first(
    people: People, onboarding: Onboarding
) -> None:
    browser = client_of(people.alice)
    page = browser.get(PRODUCTION)
    assert page.status_code == 200
    assert f"{onboarding.code} (UIT) is not past the quote yet." in sentences_of(page)
    assert f"/onboardings/{onboarding.code}/" in page.content.decode()
    for confirmed in ("carry", "first-step"):
        assert browser.post(PRODUCTION, {"confirmed": confirmed}).status_code == 409
    assert Onboarding.objects.count() == 1


def test_nothing_is_carried_over_from_what_was_withdrawn_and_the_way_out_registers_nobody_twice(
    people: People, past_quote: Onboarding
) -> None:
    progress.withdraw(past_quote, actor=people.alice, reason="a wrong turn")
    browser = client_of(people.alice)
    page = browser.get(f"{PRODUCTION}&after={past_quote.code}")
    assert page.status_code == 200
    assert f"{past_quote.code} (UIT) was withdrawn." in sentences_of(page)
    assert "Do not register with GlobalSign again" in sentences_of(page)
    assert browser.post(f"{PRODUCTION}&after={past_quote.code}", {"confirmed": "carry"}).status_code == 409
    assert browser.post(PRODUCTION, {"confirmed": "first-step"}).status_code == 302
    made = _newest()
    first = browser.get(f"/onboardings/{made.code}/register/")
    assert f"/onboardings/{made.code}/registered/" in first.content.decode()


def test_nothing_is_carried_over_once_the_certificate_has_ended(people: People, finished: Onboarding) -> None:
    ends = carry_over.read_moment(step(finished, "certificate").facts["not_after"])
    assert ends is not None
    with travel(ends + timedelta(days=1)):
        page = client_of(people.alice).get(f"{UIT}&after={finished.code}")
    assert page.status_code == 200
    assert f"The certificate of {finished.code} (UIT) has ended." in sentences_of(page)


def test_a_damaged_one_is_refused_and_another_one_is_the_way_out(
    people: People, finished: Onboarding
) -> None:
    broken = carry_over.start(
        people.one, environment="production", actor=people.bob, after=None, keep=False, anew=False
    )
    broken.steps.filter(slug="pfx").update(facts=["no object"])
    page = client_of(people.alice).get(f"{UIT}&after={broken.code}")
    assert page.status_code == 200
    assert f"{broken.code} (Production) is damaged" in sentences_of(page)
    assert f"See what is carried over from {finished.code}" in sentences_of(page)


def test_an_onboarding_of_another_company_is_none_of_this_one(people: People, past_quote: Onboarding) -> None:
    address = f"/companies/two/start/?environment=uit&after={past_quote.code}"
    assert client_of(people.charlie).get(address).status_code == 404
    assert (
        client_of(people.charlie).get("/companies/two/start/?environment=uit&after=no-code").status_code
        == 404
    )
    Membership.objects.create(user=people.charlie, company=people.one, role=Role.READER)
    refused = client_of(people.charlie).get(address)
    assert refused.status_code == 409
    assert f"{past_quote.code} is an onboarding of One Energy Ltd." in sentences_of(refused)


def test_who_starts_second_is_led_to_what_the_first_has_started(
    people: People, past_quote: Onboarding
) -> None:
    client_of(people.bob).post(PRODUCTION, {"confirmed": "carry"})
    made = _newest()
    for method in ("get", "post"):
        answer = getattr(client_of(people.alice), method)(
            PRODUCTION, {"confirmed": "carry"} if method == "post" else None
        )
        assert answer.url == f"/onboardings/{made.code}/"
    with pytest.raises(StateConflict, match="already has an open onboarding"):
        carry_over.start(
            people.one, environment="production", actor=people.alice, after=past_quote, keep=False, anew=False
        )
    assert Onboarding.objects.count() == 2


def test_the_events_say_from_where_each_step_was_carried_over(people: People, past_quote: Onboarding) -> None:
    client_of(people.bob).post(PRODUCTION, {"confirmed": "carry"})
    events = Event.objects.filter(onboarding_id=_newest().pk, name=EventName.STEP_CARRIED_OVER)
    assert [event.step for event in events.order_by("number")] == EARLY
    assert {event.data["carried_from"] for event in events} == {past_quote.code}
    assert {event.actor_label.split(" <")[0] for event in events} == {"Bob Test"}
