"""The list of companies as ops read it: one page of rows, what comes after it, and how many there are.

What may stand in its address is in filters.py, how rows are found in row_queries.py.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from certs import clock
from onboarding.journey.choices import OnboardingEnvironment, OnboardingStatus
from onboarding.journey.damage import show_readable
from onboarding.journey.problems import get_title
from onboarding.journey.steps import BY_SLUG, Actor, State
from onboarding.ops.filters import Chosen, Sort
from onboarding.ops.row_filters import RowCount
from onboarding.ops.row_queries import Cut, FoundRow, Place, find_place, read_rows, read_value, write_value
from onboarding.people.contact_details import ContactDetails, read_contact
from onboarding.ui.addresses import make_addresses
from onboarding.ui.keyset import UnknownMark, read_mark, write_mark

ENDED = {
    OnboardingStatus.COMPLETED: ("Complete", "green"),
    OnboardingStatus.WITHDRAWN: ("Withdrawn", "grey"),
}


class Row(NamedTuple):
    """One onboarding, or one company without any (`code` empty). `contact`: whom to ring about it."""

    name: str
    number: str
    added: datetime
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

    `total` is how many fit in all, MOST_COUNTED + 1 for any number above it; 0 where the place has none beyond it.
    `damaged` counts those that cannot be shown.
    """

    rows: Sequence[Row]
    before: Place | None = None
    after: Place | None = None
    total: int = 0
    damaged: int = 0


FROM_BEGINNING = Cut()


def read_page(chosen: Chosen, cut: Cut = FROM_BEGINNING, count: RowCount = RowCount.PAGE) -> RowPage:
    """The rows that follow a place, or come before it, in two queries at most."""
    found = read_rows(chosen, cut, count)
    shown, has_further = found[:count], len(found) > count
    total = next((row.total for row in found if row.total is not None), 0)
    if cut.backwards:
        shown.reverse()
    rows, damaged = show_readable(shown, _RowBuilder().build)
    first, last = (find_place(shown[0]), find_place(shown[-1])) if shown else (None, None)
    has_earlier, has_later = (has_further, True) if cut.backwards else (bool(cut.place), has_further)
    return RowPage(rows, first if has_earlier else None, last if has_later else None, total, damaged)


def read_all(chosen: Chosen) -> Iterator[Row]:
    """All of them, some at a time: whoever writes a file of 100,000 holds few."""
    cut = FROM_BEGINNING
    while True:
        page = read_page(chosen, cut, RowCount.FILE)
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
    try:
        value, company, case = read_mark(f"companies:{sort}:{query}", mark)
        return Place(read_value(sort, value), UUID(company), UUID(case))
    except (AttributeError, TypeError, ValueError) as error:  # ours, of a version with other marks
        raise UnknownMark from error


class _RowBuilder:
    """Rows of one page."""

    def __init__(self) -> None:
        self.write_company_url = make_addresses("ops:company", "a-company")
        self.write_case_url = make_addresses("journey:journey", "AAAA-AAAA")

    def build(self, row: FoundRow) -> Row:
        """Raises one of UNREADABLE for a row that no move writes."""
        return self._case(row) if row.case else self._company(row)

    def _case(self, row: FoundRow) -> Row:
        status, colour = describe_state(row, row)
        definition = BY_SLUG[row.current_step] if row.is_active else None
        current = (row.current if row.is_active else None) or {}
        assignee = current if current.get("is_active") else None
        return Row(
            name=row.name,
            number=row.number,
            added=row.created_at,
            url=self.write_company_url(row.slug),
            code=row.code,
            case_url=self.write_case_url(row.code),
            environment=OnboardingEnvironment(row.environment).label,
            status=status,
            colour=colour,
            stage=definition.stage.value if definition else "",
            step=definition.title if definition else "",
            reason=get_title(current["problem_code"]) if current.get("problem_code") else "",
            actor=Actor(row.next_actor).label if row.is_active else "",
            contact=read_contact(assignee or row.primary),
            since=(row.since if row.is_active else None) or row.ended_at,
            due=row.due_at if row.is_active else None,
        )

    def _company(self, row: FoundRow) -> Row:
        status, colour = _describe_rest(row) or ("Not started", "grey")
        return Row(
            name=row.name,
            number=row.number,
            added=row.created_at,
            url=self.write_company_url(row.slug),
            code="",
            case_url="",
            environment="",
            status=status,
            colour=colour,
            stage="",
            step="",
            reason="",
            actor="The company",
            contact=read_contact(row.primary),
            since=row.created_at,
            due=None,
        )


class CompanyColumns(Protocol):
    """What says of a company whether it rests."""

    @property
    def archived_at(self) -> datetime | None: ...
    @property
    def on_hold_since(self) -> datetime | None: ...


class CaseColumns(Protocol):
    """What says how an onboarding stands."""

    @property
    def is_active(self) -> bool: ...
    @property
    def status(self) -> str: ...
    @property
    def current_state(self) -> str: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def deadlines_paused_at(self) -> datetime | None: ...


def describe_state(case: CaseColumns, company: CompanyColumns) -> tuple[str, str]:
    """How an onboarding of the company stands, in words, and the colour of the tag."""
    if not case.is_active:
        return ENDED[OnboardingStatus(case.status)]
    if rest := _describe_rest(company):
        return rest
    if case.deadlines_paused_at:
        return "Paused", "yellow"
    if case.current_state == State.PROBLEM:
        return "Problem", "red"
    if case.due_at and case.due_at < clock.now():
        return "Late", "red"
    return ("To do", "blue") if case.current_state == State.OPEN else ("Waiting", "light-blue")


def _describe_rest(company: CompanyColumns) -> tuple[str, str] | None:
    if company.archived_at:
        return "Archived", "grey"
    return ("On hold", "yellow") if company.on_hold_since else None
