"""Steps that are stuck or at risk: what is wrong with each, and what is sensible to do now. For ops.

A step is stuck when it has a problem, or when its latest time (of a wait: its limit) is past, and at risk between its
usual time and that; neither while its deadlines rest. Which records these are is StepRecordQuerySet.stuck() and
at_risk().
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


def explain_risk(record: StepRecord) -> StuckReason | None:
    """The same of a step that is past its usual time and not yet late; None for any other."""
    usual, due = record.usual_at, record.due_at
    if record.onboarding.deadlines_paused_at or record.is_late or usual is None or due is None:
        return None
    if wait := record.wait if record.state == State.WAITING else None:
        reason = (
            f"{wait.what[0].upper()}{wait.what[1:]} takes longer than usual; it is late after {when(due)}."
        )
        return StuckReason(reason, "Nothing yet: ask the company when it is late.", usual, wait.on.label)
    reason = f"“{record.definition.title}” is usually done by {when(usual)}; it is late after {when(due)}."
    return StuckReason(reason, _ask(record), usual, _name_person(record))


def _explain_problem(record: StepRecord) -> StuckReason:
    problem = find_problem(record.problem_code)
    if problem is None:  # of a version that is gone
        return StuckReason(
            "There is a problem.", "Open the step and read what was seen.", record.since, "Ops"
        )
    actor, first = problem.next_actor, problem.what_to_do[0]
    acts = _name_person(record) if actor == Actor.COMPANY else actor.label
    if actor == Actor.OPS:  # the problem's own words are for the company
        action = (
            "Open the step, read what was seen and the workers' log, and tell the company when it is solved."
        )
    elif actor == Actor.COMPANY:
        action = f"{_ask(record)} They read: {first}"
    else:
        action = f"Wait for {actor.label}. The company reads: {first}"
    return StuckReason(problem.title, action, record.since, acts)


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
    reason = f"“{record.definition.title}” should have been done by {when(due)}."
    return StuckReason(reason, _ask(record), due, _name_person(record))


def _ask(record: StepRecord) -> str:
    """Whom to ring about a step that is up to a person, and what to ask."""
    if record.assignee is None:
        return f"Ring the company and ask who does it: it is for {record.definition.who_words()}."
    if not record.assignee.is_active:
        return f"The account of {record.assignee} is closed. Ask a Certificate Admin to take the step back."
    return f"Ring {record.assignee} and ask what is in the way."


def _name_person(record: StepRecord) -> str:
    if record.assignee is not None:
        return str(record.assignee)
    return "The Primary Certificate Admin" if record.definition.who == PRIMARY_ONLY else "Nobody has taken it"
