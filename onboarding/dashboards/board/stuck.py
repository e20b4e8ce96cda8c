"""Who is stuck, why, and what is sensible to do: problems, and steps past their latest time; then who is at risk.

What stuck means is said in journey/deadlines/stuck.py and, by the columns of an onboarding, in journey/querysets.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from certs import clock
from onboarding.dashboards.board.access import list_current_steps
from onboarding.journey.damage import show_readable
from onboarding.journey.deadlines.stuck import explain_risk, explain_stuck
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.querysets import is_stuck
from onboarding.people.contact_details import ContactDetails, read_contact
from onboarding.people.models import User

STUCK = "stuck"
MOST = 50  # rows on the board; the rest are in the list of companies


@dataclass(frozen=True)
class StuckRow:
    """One onboarding, stuck or at risk at a step where it stands since a moment. `contact`: who is rung about it."""

    onboarding: Onboarding
    step: str
    reason: str
    action: str
    since: datetime
    url: str
    contact: User | ContactDetails | None


def list_stuck(user: User) -> list[StuckRow]:
    """The worst, those that stand longest, first: one query. A row that cannot be read is left out."""
    records = list_current_steps(user).filter(is_stuck(clock.now(), "onboarding__"))
    return build_rows(records.order_by("onboarding__since")[:MOST])


def list_at_risk(user: User, most: int) -> list[StuckRow]:
    """Past their usual time and not late yet, the nearest to it first: one query, none where `most` is 0."""
    if most <= 0:
        return []
    return build_rows(list_current_steps(user).at_risk(clock.now())[:most])


def build_rows(records: Iterable[StepRecord]) -> list[StuckRow]:
    """Rows of steps as list_current_steps() fetches them; what cannot be read is counted with the figures."""
    return show_readable(records, _build_row)[0]


def _build_row(record: StepRecord) -> StuckRow:
    onboarding = record.onboarding
    if onboarding.since is None:
        raise ValueError("an active onboarding stands somewhere since a moment")
    stuck = explain_stuck(record) or explain_risk(record)
    if stuck is None:
        raise ValueError("the step is neither stuck nor at risk, and its onboarding says that it is")
    return StuckRow(
        onboarding,
        record.definition.title,
        stuck.reason,
        stuck.action,
        onboarding.since,
        reverse("journey:step", args=[onboarding.code, record.slug]),
        _find_contact(record),
    )


def _find_contact(record: StepRecord) -> User | ContactDetails | None:
    """Whoever has the step, else the company's Primary Certificate Admin."""
    if record.assignee and record.assignee.is_active:
        return record.assignee
    return read_contact(getattr(record, "primary", None))
