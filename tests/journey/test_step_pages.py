"""Each of the twelve steps through its real page: who can, who cannot, who learns nothing, and what a second try gets.

How a step moves inside is tested in test_progress.py.
"""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from onboarding.journey import projection
from onboarding.journey.definitions import PRIMARY_ONLY
from onboarding.journey.models import Evidence, Onboarding
from onboarding.journey.steps import STEPS
from onboarding.people.models import ADMINS
from onboarding.ui.formatting import when
from tests.journey.form_client import press, sentences_of
from tests.journey.step_actions import STEP_ACTIONS, StepAction, bring_to
from tests.people_fixtures import People, client_of, shows_errors, step

EACH = pytest.mark.parametrize(
    "step_action", STEP_ACTIONS, ids=[step_action.name for step_action in STEP_ACTIONS]
)


def _outside(step_action: StepAction, people: People) -> list[Any]:
    """Those who see the step and may not do it."""
    others = [people.rhea, people.olga]
    if step_action.definition.who in (PRIMARY_ONLY, ADMINS):
        others.append(people.tess)
    return [*others, people.bob] if step_action.definition.who == PRIMARY_ONLY else others


def test_every_step_has_its_deed() -> None:
    assert {step_action.slug for step_action in STEP_ACTIONS} == {row.slug for row in STEPS}


@EACH
def test_the_right_person_can(people: People, onboarding: Onboarding, step_action: StepAction) -> None:
    record = bring_to(onboarding, people, step_action)
    browser, page = client_of(step_action.doer(people)), f"/onboardings/{onboarding.code}/{step_action.slug}/"
    answer = press(browser, page, step_action.path(onboarding), step_action.filled(), action="save")
    assert answer.status_code == 302, sentences_of(answer)
    moved = step(onboarding, step_action.slug)
    assert (moved.state, moved.moved_by) == (step_action.then, step_action.doer(people))
    assert moved.version > record.version
    assert projection.list_differences() == []
    assert (
        Evidence.objects.filter(record=moved, by=step_action.doer(people)).exists() or not step_action.waits
    )
    assert browser.get(answer["Location"]).status_code == 200
    assert browser.get(page).status_code == 200


@EACH
def test_the_wrong_role_is_refused_with_a_sentence(
    people: People, onboarding: Onboarding, step_action: StepAction
) -> None:
    record = bring_to(onboarding, people, step_action)
    for person in _outside(step_action, people):
        browser = client_of(person)
        answer = browser.post(step_action.path(onboarding), step_action.filled())
        assert answer.status_code == 403
        assert f"Only {step_action.definition.who_words()} may do this." in sentences_of(answer)
        shown = browser.get(f"/onboardings/{onboarding.code}/{step_action.slug}/")
        assert shown.status_code == 200
        assert [name for name in step_action.filled() if f'name="{name}"' in shown.content.decode()] == []
    assert step(onboarding, step_action.slug).version == record.version


@EACH
def test_a_stranger_learns_nothing(people: People, onboarding: Onboarding, step_action: StepAction) -> None:
    bring_to(onboarding, people, step_action)
    browser = client_of(people.charlie)
    asked = [
        browser.get(step_action.path(onboarding)),
        browser.post(step_action.path(onboarding), step_action.filled()),
    ]
    unknown = browser.get(step_action.path(onboarding).replace(onboarding.code, "ZZZZ-ZZZZ"))
    assert [answer.status_code for answer in (*asked, unknown)] == [404, 404, 404]
    assert "One Energy" not in asked[0].content.decode()
    assert sentences_of(asked[0]) == sentences_of(unknown)


@EACH
def test_a_second_time_is_refused_and_says_who_and_when(
    people: People, onboarding: Onboarding, step_action: StepAction
) -> None:
    record = bring_to(onboarding, people, step_action)
    doer = step_action.doer(people)
    first, second = client_of(doer), client_of(people.alice)
    sent = {"version": record.version, "action": "send"}
    assert first.post(step_action.path(onboarding), {**step_action.filled(), **sent}).status_code == 302
    moved = step(onboarding, step_action.slug)
    for again in ({**step_action.filled(), **sent}, {**step_action.filled(), "action": "send"}):
        answer = second.post(step_action.path(onboarding), again)
        assert answer.status_code == 409
        said = sentences_of(answer)
        assert f"by {doer}" in said
        assert f"on {when(timezone.now())[:-2]}" in said  # to the hour
        assert "changed nothing" in said
    assert step(onboarding, step_action.slug).version == moved.version


@EACH
def test_who_is_not_signed_in_is_sent_to_sign_in(
    people: People, onboarding: Onboarding, step_action: StepAction
) -> None:
    record = bring_to(onboarding, people, step_action)
    page = f"/onboardings/{onboarding.code}/{step_action.slug}/"  # never an address that only takes posts
    asked, sent = (
        Client().get(step_action.path(onboarding)),
        Client().post(step_action.path(onboarding), step_action.filled()),
    )
    for answer, then in ((asked, step_action.path(onboarding)), (sent, page)):
        assert answer.status_code == 302
        assert answer["Location"] == f"/accounts/login/?next={then}"
    assert step(onboarding, step_action.slug).version == record.version


@EACH
def test_a_form_without_answers_says_what_is_missing(
    people: People, onboarding: Onboarding, step_action: StepAction
) -> None:
    record = bring_to(onboarding, people, step_action)
    answer = client_of(step_action.doer(people)).post(step_action.path(onboarding), {"action": "send"})
    assert shows_errors(answer)
    assert "There is a problem" in sentences_of(answer)
    assert step(onboarding, step_action.slug).version == record.version


@pytest.mark.parametrize("row", STEPS, ids=[row.slug for row in STEPS])
def test_a_step_whose_turn_has_not_come_cannot_be_done(
    people: People, onboarding: Onboarding, row: Any
) -> None:
    if not row.needs:
        return
    step_action = next(each for each in STEP_ACTIONS if each.slug == row.slug)
    answer = client_of(step_action.doer(people)).post(step_action.path(onboarding), step_action.filled())
    assert answer.status_code == 409
    assert "cannot start yet: first" in sentences_of(answer)
    assert step(onboarding, row.slug).state == "locked"
