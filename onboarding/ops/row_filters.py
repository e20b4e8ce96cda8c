"""What a page of the list of companies asks the database for, and the conditions that come of it.

A RowQuery is what a prepared query takes: what is chosen among few is in its text, all else a value. How its rows are
read is in row_queries.py, what may stand in an address in filters.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, IntEnum
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, Value

from certs import clock
from certs.models import Certificate
from onboarding.handover.models import Grant
from onboarding.journey.choices import OnboardingStatus
from onboarding.journey.models import StepRecord
from onboarding.journey.querysets import is_stuck
from onboarding.journey.steps import Stage, State, list_stage
from onboarding.ops.filters import ACTORS, Chosen, RowState, Sort
from onboarding.ops.search import (
    NO_SEARCH,
    HasPattern,
    SearchWords,
    is_among,
    is_meant,
    match_end,
    read_words,
)


class Part(Enum):
    """Which rows are read: onboardings, companies that have none, or both in one order."""

    EITHER = "either"
    CASES = "cases"
    COMPANIES = "companies"


class RowCount(IntEnum):
    """How many rows are read at a time."""

    PAGE = 50
    FILE = 500


class Outside(Enum):
    """Whether somebody from outside has access: anybody, nobody, or somebody with such an email address."""

    ANY = "any"
    NONE = "none"
    NAMED = "named"


@dataclass(frozen=True)
class RowQuery:
    """Filters, order and place. A value that nothing asks for is None, or the query would be refused.

    `counted`: which rows are counted, if any, whatever the place.
    `value_text` or `value_moment` is what the place is ordered by, `company` and `case` its ids; none of the rows lies
    beyond `until_text` or `until_moment`.
    """

    part: Part
    sort: Sort
    count: RowCount = RowCount.PAGE
    backwards: bool = False
    counted: Part | None = None
    state: RowState | None = None
    needs_active: bool = False
    has_problem: bool = False
    outside: Outside | None = None
    outside_email: str | None = None
    environment: str | None = None
    problem: str | None = None
    steps: list[str] = field(default_factory=list)
    actors: list[str] = field(default_factory=list)
    since_at_most: datetime | None = None
    since_after: datetime | None = None
    now: datetime | None = None
    ends_at_most: datetime | None = None
    search: SearchWords = NO_SEARCH
    value_text: str | None = None
    value_moment: datetime | None = None
    company: UUID | None = None
    case: UUID | None = None
    until_text: str | None = None
    until_moment: datetime | None = None


def describe_rows(chosen: Chosen, part: Part, **place: Any) -> RowQuery:
    """The query for some of the rows that are chosen, at this moment."""
    now = clock.now()
    age_from, age_to = chosen.age or (None, None)
    return RowQuery(
        part,
        chosen.sort,
        state=RowState(chosen.state) if chosen.state else None,
        needs_active=chosen.needs_active,
        has_problem=chosen.problem == "any",
        outside=Outside(chosen.dcp if chosen.dcp in ("any", "none") else "named") if chosen.dcp else None,
        outside_email=match_end(chosen.dcp) if chosen.dcp not in ("", "any", "none") else None,
        environment=chosen.environment or None,
        problem=chosen.problem if chosen.problem not in ("", "any") else None,
        steps=[row.slug for row in list_stage(Stage(chosen.stage))] if chosen.stage else [],
        actors=list(ACTORS[chosen.actor][1]) if chosen.actor else [],
        since_at_most=now - timedelta(days=age_from) if age_from is not None else None,
        since_after=now - timedelta(days=age_to) if age_to is not None else None,
        now=now if chosen.state == RowState.STUCK or chosen.dcp or chosen.expiring else None,
        ends_at_most=now + timedelta(days=chosen.expiring) if chosen.expiring else None,
        search=read_words(chosen.words),
        **place,
    )


def list_company_conditions(query: RowQuery) -> Iterator[Q]:
    """What the company of each row has to fit, by the names of its columns; its id is `company_id`."""
    yield Q(archived_at__isnull=query.state != RowState.ARCHIVED)
    if query.state == RowState.HELD:
        yield Q(on_hold_since__isnull=False)
    if query.search.words:
        yield is_meant(query.search)


def list_case_conditions(query: RowQuery) -> Iterator[Q]:
    """What the onboarding of each row has to fit, by the names of its columns; its id is `case`."""
    yield from _list_state_conditions(query)
    if query.environment:
        yield Q(environment=query.environment)
    if query.steps:
        yield Q(current_step__in=query.steps)
    if query.actors:
        yield Q(next_actor__in=query.actors)
    if query.since_at_most:
        yield Q(since__lte=query.since_at_most)
    if query.since_after:
        yield Q(since__gt=query.since_after)
    yield from _list_problem_conditions(query)
    yield from _list_outside_conditions(query)
    yield from _list_end_conditions(query)


def _list_state_conditions(query: RowQuery) -> Iterator[Q]:
    if query.state == RowState.NOT_STARTED and query.part == Part.CASES:
        yield Q(case__isnull=True)  # none
    if query.state in STATUSES:
        yield Q(status=STATUSES[query.state])
    if query.needs_active:
        yield Q(status=OnboardingStatus.ACTIVE)
    if query.state == RowState.STUCK and query.now:
        yield is_stuck(query.now)


STATUSES = {
    RowState.UNDER_WAY: OnboardingStatus.ACTIVE,
    RowState.STUCK: OnboardingStatus.ACTIVE,
    RowState.COMPLETE: OnboardingStatus.COMPLETED,
    RowState.WITHDRAWN: OnboardingStatus.WITHDRAWN,
}


def _list_problem_conditions(query: RowQuery) -> Iterator[Q]:
    if query.has_problem:
        yield Q(current_state=State.PROBLEM)
    if query.problem:
        records = StepRecord.objects.filter(problem_code=query.problem)  # which no other state has
        yield Q(case__in=records.values("onboarding_id"))


def _list_outside_conditions(query: RowQuery) -> Iterator[Q]:
    """Somebody from outside has access now, or nobody has."""
    if query.outside is None:
        return
    given = Grant.objects.in_force(query.now).order_by()
    if query.outside_email:
        given = given.filter(HasPattern(F("user__email"), Value(query.outside_email)))
    if query.outside == Outside.NONE:
        yield ~Q(Exists(given.filter(onboarding=OuterRef("case"))))
    else:
        yield Q(case__in=given.values("onboarding_id"))


def _list_end_conditions(query: RowQuery) -> Iterator[Q]:
    """Its newest certificate ends by then, and has not ended: one does, and none later."""
    if query.ends_at_most is None:
        return
    yield Q(status__in=[OnboardingStatus.ACTIVE, OnboardingStatus.COMPLETED])
    ending = Certificate.objects.filter(not_after__range=(query.now, query.ends_at_most)).order_by()
    later = Certificate.objects.filter(not_after__gt=query.ends_at_most)
    if query.sort == Sort.NAME:
        yield Q(case__in=ending.values("case_id"))
        yield ~Q(Exists(later.filter(case_id=OuterRef("case"))))
    else:  # in the other orders they lie together, and often far behind: they are looked up first
        newest = ending.filter(~Exists(later.filter(case_id=OuterRef("case_id"))))
        yield Q(is_among("case", newest.values("case_id")))
