"""The list of companies as ops read it: one page of rows, what comes after it, and how many there are.

What may stand in its address is in filters.py, how rows are found in row_queries.py.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from certs import clock
from onboarding.journey.choices import OnboardingEnvironment, OnboardingStatus
from onboarding.journey.damage import show_readable
from onboarding.journey.models import Onboarding
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
from onboarding.people.contact_details import ContactDetails, read_contact
from onboarding.people.models import Company
from onboarding.ui.addresses import make_addresses
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
    case_url: str
    environment: str
    status: str
    colour: str
    stage: str
    step: str
    reason: str
    actor: str
    contact: ContactDetails | None
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


def read_page(
    chosen: Chosen, cut: Cut = FROM_BEGINNING, count: int = ROWS, is_common: bool = False
) -> RowPage:
    """The rows that follow a place, or come before it, in two queries at most; `is_common`: very many fit."""
    begun = read_cases(chosen, cut, count + 1, is_common)
    last: Any = begun[-1] if len(begun) > count else None
    until = last.value if last else None
    found = _merge(chosen, cut, begun, read_companies(chosen, cut, count + 1, until))
    shown, has_further = found[:count], len(found) > count
    if cut.backwards:
        shown.reverse()
    rows, damaged = show_readable([each for _, each in shown], _RowBuilder().build)
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


class _RowBuilder:
    """Rows of one page. What row_queries.py reads along with an onboarding or a company is all that they need."""

    def __init__(self) -> None:
        self.write_company_url = make_addresses("ops:company", "a-company")
        self.write_case_url = make_addresses("journey:journey", "AAAA-AAAA")

    def build(self, row: Onboarding | Company) -> Row:
        """Raises one of UNREADABLE for a row that no move writes."""
        return self._case(row) if isinstance(row, Onboarding) else self._company(row)

    def _case(self, case: Any) -> Row:
        status, colour = describe_state(case)
        definition = BY_SLUG[case.current_step] if case.is_active else None
        return Row(
            company=case.company,
            url=self.write_company_url(case.company.slug),
            code=case.code,
            case_url=self.write_case_url(case.code),
            environment=OnboardingEnvironment(case.environment).label,
            status=status,
            colour=colour,
            stage=definition.stage.value if definition else "",
            step=definition.title if definition else "",
            reason=get_title(case.problem_code) if case.is_active and case.problem_code else "",
            actor=Actor(case.next_actor).label if case.is_active else "",
            contact=read_contact((case.assignee if case.is_active else None) or case.primary),
            since=(case.since if case.is_active else None) or case.ended_at,
            due=case.due_at if case.is_active else None,
        )

    def _company(self, company: Any) -> Row:
        status, colour = _describe_rest(company) or ("Not started", "grey")
        return Row(
            company=company,
            url=self.write_company_url(company.slug),
            code="",
            case_url="",
            environment="",
            status=status,
            colour=colour,
            stage="",
            step="",
            reason="",
            actor="The company",
            contact=read_contact(company.primary),
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
