"""The rows behind a number of the board: onboardings under way, narrowed by the address, the oldest first.

Addresses: actor, stage, state (stuck), age.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404

from certs import clock
from onboarding.dashboards.board.access import list_current_steps, list_under_way
from onboarding.dashboards.board.stuck import STUCK, is_stuck
from onboarding.dashboards.board.under_way import ACTORS, AGES, is_aged
from onboarding.journey.damage import describe_damage, show_readable
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.steps import Stage, State, list_stage
from onboarding.people.models import User

PER_PAGE = 50
FILTERS = {"actor": {*ACTORS}, "stage": {*Stage}, "state": {STUCK}, "age": {*AGES}}


def is_narrowed(query: Mapping[str, str]) -> bool:
    """Whether the address asks for rows. Raises Http404 for a value that no link of the board has."""
    given = {name: query[name] for name in FILTERS if query.get(name)}
    if any(value not in FILTERS[name] for name, value in given.items()):
        raise Http404
    return bool(given)


@dataclass(frozen=True)
class NarrowedRow:
    """One onboarding: where it stands, and since when."""

    onboarding: Onboarding
    stage: str
    step: str
    state: State
    since: datetime


def build_narrowed(user: User, query: Mapping[str, str]) -> dict[str, object]:
    """What the page shows: the first rows, how many there are in all, and in words which they are."""
    found = _narrow(list_under_way(user), query)
    steps = list_current_steps(user).filter(onboarding__in=found).order_by("onboarding__since")
    rows, damaged = show_readable(steps[:PER_PAGE], _build_row)
    return {
        "rows": rows,
        "count": found.count(),
        "per_page": PER_PAGE,
        "what": _describe(query),
        "damaged": describe_damage(damaged),
    }


def _narrow(found: QuerySet[Onboarding], query: Mapping[str, str]) -> QuerySet[Onboarding]:
    now = clock.now()
    if actor := query.get("actor"):
        found = found.filter(next_actor__in=ACTORS[actor][2])
    if stage := query.get("stage"):
        found = found.filter(current_step__in=[row.slug for row in list_stage(Stage(stage))])
    if query.get("state"):
        found = found.filter(is_stuck(now))
    if age := query.get("age"):
        found = found.filter(is_aged(age, now))
    return found


def _describe(query: Mapping[str, str]) -> str:
    parts = [
        "that are stuck or late" if query.get("state") else "",
        ACTORS[query["actor"]][1] if query.get("actor") else "",
        f"in {query['stage']}" if query.get("stage") else "",
        f"at the same step for {AGES[query['age']][0].lower()}" if query.get("age") else "",
    ]
    return ", ".join(filter(None, parts))


def _build_row(record: StepRecord) -> NarrowedRow:
    onboarding, definition = record.onboarding, record.definition
    if onboarding.since is None:
        raise ValueError("an active onboarding stands somewhere since a moment")
    state = State(onboarding.current_state)
    return NarrowedRow(onboarding, definition.stage.value, definition.title, state, onboarding.since)
