"""Who is stuck, why, and what is sensible to do: problems, late waits, and people's steps that nobody does.

Which steps are stuck is said in one place, is_stuck(); everything else here only tells of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse

from certs import clock
from onboarding.dashboards.board.access import list_current_steps
from onboarding.journey.damage import show_readable
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.problems import find_problem
from onboarding.journey.steps import Actor, State
from onboarding.people.models import User
from onboarding.ui.formatting import duration

STUCK = "stuck"
MOST = 50  # rows on the board; the rest are in the list of companies
STANDS_STILL = timedelta(days=14)  # a step of people's without a deadline that has been open for so long


def is_stuck(now: datetime, at: str = "") -> Q:
    """By the columns of the onboarding, which is reached from the row in question by `at`."""
    still = {"current_state": State.OPEN, "due_at": None, "since__lt": now - STANDS_STILL}
    return (
        Q(**{f"{at}current_state": State.PROBLEM})
        | Q(**{f"{at}due_at__lt": now})
        | Q(**{f"{at}{column}": value for column, value in still.items()})
    )


@dataclass(frozen=True)
class StuckRow:
    """One onboarding that is stuck at a step since a moment. `contact`: who of the company is rung about it."""

    onboarding: Onboarding
    step: str
    reason: str
    action: str
    since: datetime
    url: str
    contact: User | None


def list_stuck(user: User) -> list[StuckRow]:
    """The worst, those that stand longest, first: one query. A row that cannot be read is left out."""
    records = list_current_steps(user).filter(is_stuck(clock.now(), "onboarding__"))
    return build_rows(records.order_by("onboarding__since")[:MOST])


def build_rows(records: Iterable[StepRecord]) -> list[StuckRow]:
    """Rows of steps as list_current_steps() fetches them; what cannot be read is counted with the figures."""
    return show_readable(records, _build_row)[0]


def _build_row(record: StepRecord) -> StuckRow:
    onboarding = record.onboarding
    if onboarding.since is None:
        raise ValueError("an active onboarding stands somewhere since a moment")
    reason, action = explain_stuck(record)
    return StuckRow(
        onboarding,
        record.definition.title,
        reason,
        action,
        onboarding.since,
        reverse("journey:step", args=[onboarding.code, record.slug]),
        _find_contact(record),
    )


def _find_contact(record: StepRecord) -> User | None:
    """Whoever has the step, else the company's Primary Certificate Admin."""
    if record.assignee and record.assignee.is_active:
        return record.assignee
    primary = getattr(record, "primary", None)
    return User(**primary) if primary else None


def explain_stuck(record: StepRecord) -> tuple[str, str]:
    """Why a step is stuck and what is sensible to do now."""
    problem = find_problem(record.problem_code)
    if problem:
        return problem.title, problem.what_to_do[0]
    if record.state == State.OPEN:
        return _explain_open(record)
    if record.wait is None:
        raise ValueError("a step that waits has a wait")
    reason = f"{record.wait.what[0].upper()}{record.wait.what[1:]} is late."
    if record.wait.on == Actor.PORTAL:
        return reason, "Look at the workers: the portal does this part by itself."
    return reason, "Ask the company whether it has the email; if not, it writes to GlobalSign."


def _explain_open(record: StepRecord) -> tuple[str, str]:
    length = duration(clock.now() - record.since)
    if record.assignee is None:
        return f"Nobody has done it for {length}.", "Ask the company who does it, or send a reminder."
    if not record.assignee.is_active:
        return (
            f"{record.assignee} has had it, and their account is closed.",
            "Ask a Certificate Admin of the company to take it back.",
        )
    return f"{record.assignee} has not done it for {length}.", "Ring them, or send a reminder."
