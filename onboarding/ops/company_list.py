"""The list of companies as ops read it: one page of rows, what comes after it, and how many there are.

What may stand in its address is in filters.py, how rows are found in row_queries.py.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from certs import clock
from onboarding.journey.choices import OnboardingEnvironment, OnboardingStatus
from onboarding.journey.damage import show_readable
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.problems import get_title
from onboarding.journey.steps import BY_SLUG, Actor, State
from onboarding.ops.filters import Chosen, Sort
from onboarding.ops.row_queries import (
    NO_CASE,
    Cut,
    Place,
    is_newest_first,
    read_cases,
    read_companies,
    read_value,
    write_value,
)
from onboarding.people.access import find_primaries
from onboarding.people.models import Company, User
from onboarding.ui.keyset import read_mark, write_mark

ROWS = 50  # of a page
ROWS_OF_FILE = 500  # that are read together for a file
ENDED = {
    OnboardingStatus.COMPLETED: ("Complete", "green"),
    OnboardingStatus.WITHDRAWN: ("Withdrawn", "grey"),
}


@dataclass(frozen=True)
class Row:
    """One onboarding, or one company without any (`code` empty). `contact`: whom to ring about it."""

    company: Company
    url: str
    code: str
    environment: str
    status: str
    colour: str
    stage: str
    step: str
    reason: str
    actor: str
    contact: User | None
    since: datetime | None
    due: datetime | None


@dataclass(frozen=True)
class RowPage:
    """Some rows. `before` and `after` are the places of the first and the last one if there are others beyond.

    `damaged` counts those that cannot be shown.
    """

    rows: Sequence[Row]
    before: Place | None = None
    after: Place | None = None
    damaged: int = 0


FROM_BEGINNING = Cut()


def read_page(chosen: Chosen, cut: Cut = FROM_BEGINNING, count: int = ROWS) -> RowPage:
    """The rows that follow a place, or come before it, in four queries at most, however many there are."""
    begun = read_cases(chosen, cut, count + 1)
    last: Any = begun[-1] if len(begun) > count else None
    found = _merge(chosen, cut, begun, read_companies(chosen, cut, count + 1, last.value if last else None))
    shown, has_further = found[:count], len(found) > count
    if cut.backwards:
        shown.reverse()
    cases = [each for _, each in shown if isinstance(each, Onboarding)]
    records = _read_current(cases)
    found_primaries = find_primaries({_company_of(each).pk for _, each in shown})
    primaries = {company: user for company, user in found_primaries.items() if user.is_active}
    rows, damaged = show_readable(
        [each for _, each in shown],
        lambda each: (
            _case_row(each, records.get(each.pk), primaries)
            if isinstance(each, Onboarding)
            else _company_row(each, primaries)
        ),
    )
    first, last = (shown[0][0], shown[-1][0]) if shown else (None, None)
    has_earlier, has_later = (has_further, True) if cut.backwards else (bool(cut.place), has_further)
    return RowPage(rows, first if has_earlier else None, last if has_later else None, damaged)


def read_all(chosen: Chosen) -> Iterator[Row]:
    """All of them, some at a time: whoever writes a file of 100,000 holds few."""
    cut = FROM_BEGINNING
    while True:
        page = read_page(chosen, cut, ROWS_OF_FILE)
        yield from page.rows
        if page.after is None:
            return
        cut = Cut(page.after)


def write_place(place: Place | None, sort: Sort, query: str) -> str:
    """A place as an address names it, good for the list of this query only; empty for none."""
    if place is None:
        return ""
    return write_mark(
        f"companies:{sort}:{query}", [write_value(place.value), place.company.hex, place.case.hex]
    )


def read_place(mark: str, sort: Sort, query: str) -> Place:
    """The same, read back. Raises UnknownMark."""
    value, company, case = read_mark(f"companies:{sort}:{query}", mark)
    return Place(read_value(sort, value), UUID(company), UUID(case))


def _merge(
    chosen: Chosen, cut: Cut, cases: Sequence[Onboarding], companies: Sequence[Company]
) -> list[tuple[Place, Onboarding | Company]]:
    """Both lists as one, in the order in which both were read."""
    either: list[Any] = [*cases, *companies]
    found = [(Place(each.value, _company_of(each).pk, _case_of(each)), each) for each in either]
    found.sort(key=lambda pair: (pair[0].company, pair[0].case), reverse=cut.backwards)
    found.sort(key=lambda pair: pair[0].value, reverse=is_newest_first(chosen.sort) != cut.backwards)
    return found


def _company_of(row: Onboarding | Company) -> Company:
    return row.company if isinstance(row, Onboarding) else row


def _case_of(row: Onboarding | Company) -> UUID:
    return row.pk if isinstance(row, Onboarding) else NO_CASE


def _read_current(cases: Sequence[Onboarding]) -> dict[UUID, StepRecord]:
    """The step at which each of them stands, with who has it."""
    slugs = {each.current_step for each in cases if each.is_active}
    records = StepRecord.objects.filter(onboarding__in=cases, slug__in=slugs).exclude(state=State.DONE)
    at = {each.pk: each.current_step for each in cases}
    found = records.select_related("assignee").defer("answers", "facts", "draft")
    return {each.onboarding_id: each for each in found if at[each.onboarding_id] == each.slug}


def _case_row(case: Onboarding, record: StepRecord | None, primaries: dict[UUID, User]) -> Row:
    status, colour = describe_state(case)
    definition = BY_SLUG[case.current_step] if case.is_active else None
    assignee = record.assignee if record and record.assignee and record.assignee.is_active else None
    return Row(
        company=case.company,
        url=reverse("ops:company", args=[case.company.slug]),
        code=case.code,
        environment=OnboardingEnvironment(case.environment).label,
        status=status,
        colour=colour,
        stage=definition.stage.value if definition else "",
        step=definition.title if definition else "",
        reason=get_title(record.problem_code) if record and record.problem_code else "",
        actor=Actor(case.next_actor).label if case.is_active else "",
        contact=assignee or primaries.get(case.company_id),
        since=(case.since if case.is_active else None) or case.ended_at,
        due=case.due_at if case.is_active else None,
    )


def _company_row(company: Company, primaries: dict[UUID, User]) -> Row:
    status, colour = _describe_rest(company) or ("Not started", "grey")
    return Row(
        company=company,
        url=reverse("ops:company", args=[company.slug]),
        code="",
        environment="",
        status=status,
        colour=colour,
        stage="",
        step="",
        reason="",
        actor="The company",
        contact=primaries.get(company.pk),
        since=company.created_at,
        due=None,
    )


def describe_state(case: Onboarding) -> tuple[str, str]:
    """How an onboarding stands, in words, and the colour of the tag."""
    if not case.is_active:
        return ENDED[OnboardingStatus(case.status)]
    if rest := _describe_rest(case.company):
        return rest
    if case.deadlines_paused_at:
        return "Paused", "yellow"
    if case.current_state == State.PROBLEM:
        return "Problem", "red"
    if case.due_at and case.due_at < clock.now():
        return "Late", "red"
    return ("To do", "blue") if case.current_state == State.OPEN else ("Waiting", "light-blue")


def _describe_rest(company: Company) -> tuple[str, str] | None:
    if company.archived_at:
        return "Archived", "grey"
    return ("On hold", "yellow") if company.on_hold_since else None
