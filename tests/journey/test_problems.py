"""The catalogue of problems as data: complete, consistent with the table of steps, and written for people."""

import dataclasses
import re

import pytest

from onboarding.journey.problems import PROBLEMS, ProblemCode, ProblemDefinition, find_problem, list_problems
from onboarding.journey.steps import BY_SLUG, STEPS, Actor

EVERY = pytest.mark.parametrize("known", PROBLEMS.values(), ids=PROBLEMS.keys())


@pytest.mark.parametrize("row", STEPS, ids=lambda row: row.slug)
def test_every_step_has_problems_of_its_own(row: object) -> None:
    assert list_problems(row.slug)  # type: ignore[attr-defined]


@EVERY
def test_a_problem_can_be_found_by_its_code(known: ProblemDefinition) -> None:
    assert find_problem(known.code.value) is known
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", known.code)
    assert len(known.code) <= 40, "the column of StepRecord holds 40"


@EVERY
def test_a_problem_names_steps_and_movers_that_exist(known: ProblemDefinition) -> None:
    assert known.steps
    assert set(known.steps) <= set(BY_SLUG)
    assert known.next_actor in set(Actor)


@EVERY
def test_a_problem_leads_back_only_where_the_table_allows(known: ProblemDefinition) -> None:
    """A page that offers the way back must not be refused by guards.may_send_back."""
    assert known.back_to is None or all(
        known.back_to == slug or known.back_to in BY_SLUG[slug].back_to for slug in known.steps
    )


@EVERY
def test_a_problem_says_what_happened_why_it_matters_and_what_to_do(known: ProblemDefinition) -> None:
    assert all(sentence.endswith(".") for sentence in (known.what_happened, known.why, *known.what_to_do))
    assert len(known.what_to_do) >= 2
    assert not known.title.endswith(".")


@EVERY
def test_a_problem_blames_nobody_and_is_never_vague(known: ProblemDefinition) -> None:
    text = " ".join((known.title, known.what_happened, known.why, *known.what_to_do)).lower()
    vague = [
        "something went wrong",
        "your fault",
        "you failed",
        "you forgot",
        "invalid input",
        "simply",
        "please",
    ]
    assert [words for words in vague if words in text] == []


@EVERY
def test_a_problem_cannot_be_changed(known: ProblemDefinition) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        known.title = "another"  # type: ignore[misc]


def test_an_unknown_code_is_no_problem() -> None:
    assert find_problem("no-such-problem") is None


def test_every_code_has_one_problem() -> None:
    assert set(PROBLEMS) == set(ProblemCode)
    assert all(isinstance(code, ProblemCode) for code in PROBLEMS)
