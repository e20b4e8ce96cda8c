"""The table of steps: its shape, the start-up checks that guard it, and the page of documentation made from it.

What the steps do is tested in test_step_pages.py and test_progress.py.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from onboarding.journey import checks, progress
from onboarding.journey.definitions import Actor, Download, Fact, Irreversible, LateAdvice, Stage, Step, Wait
from onboarding.journey.problems import PROBLEMS
from onboarding.journey.steps import (
    BY_SLUG,
    STEPS,
    get_definition,
    list_dependants,
    list_stage,
    list_unlocked_by,
)
from tests.house.checkout import ROOT
from tests.journey.step_actions import STEP_ACTIONS, perform
from tests.people_fixtures import People

WAIT = Wait("vetting", Actor.GLOBALSIGN, "a letter", timedelta(hours=1), timedelta(hours=2))


def test_the_six_stages_and_their_steps_are_in_order() -> None:
    assert len(Stage) == 6
    assert [row.slug for row in STEPS] == [
        "register", "invitation", "payment-method", "quote", "identity-profile", "verification",
        "api-credentials", "csr", "certificate", "pfx", "proof", "dip-upload",
    ]  # fmt: skip
    assert [row for stage in Stage for row in list_stage(stage)] == list(STEPS)
    assert all(list_stage(stage) for stage in Stage)


def test_every_step_needs_only_earlier_ones_so_the_table_has_no_circle() -> None:
    for place, row in enumerate(STEPS):
        assert set(row.needs) <= {earlier.slug for earlier in STEPS[:place]}
    assert [row.slug for row in STEPS if not row.needs] == ["register"]


def test_the_csr_may_start_while_the_vetting_goes_on() -> None:
    assert get_definition("csr").needs == ("identity-profile",)
    assert {row.slug for row in list_unlocked_by("identity-profile")} == {"verification", "csr"}


def test_every_step_but_the_last_holds_something_back() -> None:
    assert [row.slug for row in STEPS if not list_unlocked_by(row.slug)] == ["dip-upload"]
    assert list_dependants("register") == STEPS[1:]
    assert [row.slug for row in list_dependants("csr")] == ["certificate", "pfx", "proof", "dip-upload"]


@pytest.mark.parametrize("row", STEPS, ids=[row.slug for row in STEPS])
def test_a_step_goes_back_only_to_what_it_rests_on(row: Step) -> None:
    for slug in row.back_to:
        assert row in list_dependants(slug)


def test_the_table_and_the_problems_are_sound() -> None:
    assert checks.table_is_sound(None) == []
    assert [list(checks.complaints(row)) for row in STEPS] == [[]] * len(STEPS)
    call_command("check", stdout=StringIO())


def _broken(**changes: Any) -> Step:
    return replace(get_definition("quote"), **changes)


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (_broken(needs=("csr",)), "names “csr”, which is not an earlier step"),
        (_broken(needs=("quote",)), "names “quote”, which is not an earlier step"),
        (_broken(back_to=("nowhere",)), "names “nowhere”, which is not an earlier step"),
        (_broken(form=None, before=None), "has neither a form nor a wait: nobody could ever finish it"),
        (_broken(form="NoForm"), "names the form NoForm, which does not exist"),
        (_broken(before=replace(WAIT, poller="nobody")), "names the poller nobody, which does not exist"),
        (_broken(after=replace(WAIT, confirm="NoForm")), "names the form NoForm, which does not exist"),
        (_broken(after=replace(WAIT, usual=timedelta(days=9))), "usually waits longer than its limit"),
        (_broken(watch="nothing"), "names the watch nothing, which does not exist"),
        (_broken(commands="nothing"), "names the commands nothing, which do not exist"),
        (_broken(done_template="no/page.html"), "names the template no/page.html, which does not exist"),
        (
            _broken(after=replace(WAIT, poller="prove", late=LateAdvice("Look.", "tea", "More"))),
            "names the problem tea, which is none of the catalogue",
        ),
        (
            _broken(irreversible=Irreversible("quote_id", "For ever.", "Once more.")),
            "sends what becomes quote_id, which is none of its facts",
        ),
    ],
)
def test_a_broken_row_stops_the_start_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, row: Step, complaint: str
) -> None:
    monkeypatch.setattr(checks, "STEPS", tuple(row if each.slug == "quote" else each for each in STEPS))
    with pytest.raises(SystemCheckError, match=f"“quote” {complaint}"):
        call_command("check")


def test_a_new_row_without_guidance_and_problems_is_complained_about(monkeypatch: pytest.MonkeyPatch) -> None:
    row = replace(get_definition("quote"), slug="tea")
    monkeypatch.setattr(checks, "STEPS", (*STEPS, row))
    said = [message.msg for message in checks.table_is_sound(None)]
    assert "“tea” has no guidance in templates/journey/steps/." in said
    assert "“tea” has no problem in the catalogue." in said


def test_two_rows_of_one_slug_are_complained_about(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "STEPS", (*STEPS, STEPS[0]))
    assert [message.msg for message in checks.table_is_sound(None)] == [
        "Two rows of the table have the same slug."
    ]


def test_a_fact_with_two_labels_is_complained_about(monkeypatch: pytest.MonkeyPatch) -> None:
    row = replace(STEPS[-1], facts=(Fact("serial", "Number"),))
    monkeypatch.setattr(checks, "STEPS", (*STEPS[:-1], row))
    said = [message.msg for message in checks.table_is_sound(None)]
    assert said == ["The fact serial has two labels, “Serial number” and “Number”."]


def test_a_download_that_no_step_needs_is_complained_about(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "STEPS", (*STEPS[:-1], replace(STEPS[-1], inputs=(Download.PFX,))))
    said = [message.msg for message in checks.table_is_sound(None)]
    assert said == ["No step needs the credentials: its page would lead nowhere back."]


def test_every_fact_that_people_and_workers_bring_stands_in_the_definition(people: People) -> None:
    onboarding = progress.start(people.one, environment="uit", actor=people.alice)
    for each in STEP_ACTIONS:
        perform(onboarding, people, each)
    for record in onboarding.steps.all():
        assert record.facts
        assert set(record.facts) <= {fact.name for fact in record.definition.facts}


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"steps": ("quote",), "found_in_atlas": True}, "names steps that send nothing to Atlas once"),
        ({"steps": ("tea",)}, "names unknown steps: tea"),
        ({"back_to": "tea"}, "names unknown steps: tea"),
        ({"next_actor": "the cat"}, "names nobody known as the one to act"),
    ],
)
def test_a_broken_problem_stops_the_start_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], complaint: str
) -> None:
    code, problem = next(iter(PROBLEMS.items()))
    monkeypatch.setitem(PROBLEMS, code, replace(problem, **changes))
    with pytest.raises(SystemCheckError, match=f"“{code}” {complaint}"):
        call_command("check")


@pytest.mark.parametrize("ask", [get_definition, BY_SLUG.__getitem__])
def test_an_unknown_step_is_an_error(ask: Callable[[str], Step]) -> None:
    with pytest.raises(KeyError):
        ask("tea")


def test_the_documentation_of_the_journey_is_what_the_table_says() -> None:
    said = StringIO()
    call_command("journey_diagram", stdout=said)
    assert (ROOT / "docs" / "journey.md").read_text("utf-8") == said.getvalue()
    for row in STEPS:
        assert f"`{row.slug}` {row.title}" in said.getvalue()
        assert all(
            f"  {require_programs} --> {row.slug}\n" in said.getvalue() for require_programs in row.needs
        )
