"""Steps that are stuck: what is wrong with each, and what is sensible to do now. For ops.

A step is stuck when it has a problem, or when its latest time (of a wait: its limit) is past; not while its deadlines
rest. Which records these are is StepRecordQuerySet.stuck().
"""

from datetime import datetime
from typing import NamedTuple

from onboarding.journey.models import StepRecord
from onboarding.journey.problems import find_problem
from onboarding.journey.steps import PRIMARY_ONLY, Actor, State
from onboarding.ui.formatting import when


class StuckReason(NamedTuple):
    """Why a step is stuck, since when (UTC), what ops do now, as sentences. `acts`: who would have to act."""

    reason: str
    action: str
    since: datetime
    acts: str


def explain_stuck(record: StepRecord) -> StuckReason | None:
    """None for a step that is not stuck. Asks nothing where `assignee` and `onboarding__company` were read with it."""
    if record.onboarding.deadlines_paused_at:
        return None
    if record.state == State.PROBLEM:
        return _explain_problem(record)
    if not record.is_late or record.due_at is None:
        return None
    return (
        _explain_wait(record, record.due_at)
        if record.state == State.WAITING
        else _explain_open(record, record.due_at)
    )


def _explain_problem(record: StepRecord) -> StuckReason:
    problem = find_problem(record.problem_code)
    if problem is None:  # of a version that is gone
        return StuckReason(
            "There is a problem.", "Open the step and read what was seen.", record.since, "Ops"
        )
    acts = _name_person(record) if problem.next_actor == Actor.COMPANY else problem.next_actor.label
    return StuckReason(problem.title, problem.what_to_do[0], record.since, acts)


def _explain_wait(record: StepRecord, due: datetime) -> StuckReason:
    wait = record.wait
    if wait is None:
        return StuckReason("The wait is late.", "Open the step.", due, Actor.PORTAL.label)
    reason = f"{wait.what[0].upper()}{wait.what[1:]} is late."
    if wait.on == Actor.PORTAL:
        return StuckReason(
            reason, "Look at the workers: the portal does this part by itself.", due, wait.on.label
        )
    action = "Ask the company whether it has the email; if not, it writes to GlobalSign."
    return StuckReason(reason, action, due, wait.on.label)


def _explain_open(record: StepRecord, due: datetime) -> StuckReason:
    person = _name_person(record)
    reason = f"“{record.definition.title}” should have been done by {when(due)}."
    if record.assignee is None:
        action = f"Ring the company and ask who does it: it is for {record.definition.who_words()}."
    elif not record.assignee.is_active:
        action = f"The account of {record.assignee} is closed. Ask a Certificate Admin to take the step back."
    else:
        action = f"Ring {record.assignee} and ask what is in the way."
    return StuckReason(reason, action, due, person)


def _name_person(record: StepRecord) -> str:
    if record.assignee is not None:
        return str(record.assignee)
    return "The Primary Certificate Admin" if record.definition.who == PRIMARY_ONLY else "Nobody has taken it"
