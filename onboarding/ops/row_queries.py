"""The queries behind the list of companies: filtered, ordered, and cut after a place in the order.

A row is an onboarding, or a company that has none: one query in the orders of companies, two in those of onboardings.
Each takes only as many rows as a page has, from an index where the order has one, and counts none past MOST_COUNTED.
What rows have to fit is in row_filters.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, TypeAlias, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, IntegerField, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Collate, JSONObject, Lower

from certs.prepared_queries import prepare_filters
from onboarding.journey.choices import OnboardingStatus
from onboarding.journey.indexes import FAR, due_or_far, stands_since
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.steps import State
from onboarding.ops.filters import Chosen, RowState, Sort
from onboarding.ops.row_filters import (
    Part,
    RowCount,
    RowQuery,
    describe_rows,
    list_case_conditions,
    list_company_conditions,
)
from onboarding.ops.stored_columns import added_at, has_not_begun, is_stored
from onboarding.people.contact_details import COLUMNS, select_primary
from onboarding.people.models import Company

MOST_COUNTED = 1000
NO_CASE = UUID(int=0)
PlaceValue: TypeAlias = str | datetime
M = TypeVar("M", bound=Model)


class FoundRow(NamedTuple):
    """What is read of a row; of a company without an onboarding, all from `case` to `deadlines_paused_at` is null.

    `value` is what the row is ordered by. `current` is its step: the problem, and who has it (contact_details.py);
    `total` how many rows fit in all, MOST_COUNTED + 1 for any number above it; null where that was not counted.
    """

    company_id: UUID
    slug: str
    name: str
    number: str
    created_at: datetime
    archived_at: datetime | None
    on_hold_since: datetime | None
    case: UUID | None
    code: str
    environment: str
    status: str
    current_step: str
    current_state: str
    next_actor: str
    since: datetime | None
    due_at: datetime | None
    ended_at: datetime | None
    deadlines_paused_at: datetime | None
    value: PlaceValue
    current: Mapping[str, Any] | None
    primary: Mapping[str, Any] | None
    total: int | None

    @property
    def is_active(self) -> bool:
        """Whether it is an onboarding that is under way."""
        return self.status == OnboardingStatus.ACTIVE

    @property
    def pk(self) -> UUID:
        """What the log names it by."""
        return self.case or self.company_id


CASE_COLUMNS = FoundRow._fields[FoundRow._fields.index("code") : FoundRow._fields.index("value")]


class Place(NamedTuple):
    """Where a row stands in the order: the value that is ordered by, then the company's id, then the onboarding's."""

    value: PlaceValue
    company: UUID
    case: UUID = NO_CASE


@dataclass(frozen=True)
class Cut:
    """Which rows are read: those that follow a place, or (`backwards`) come before it, the nearest to it first.

    Without a place those at the beginning.
    """

    place: Place | None = None
    backwards: bool = False


def find_place(row: FoundRow) -> Place:
    """Where a row stands."""
    return Place(row.value, row.company_id, row.case or NO_CASE)


def read_rows(chosen: Chosen, cut: Cut, count: RowCount) -> list[FoundRow]:
    """The next rows in the order of the list, or against it, and one more if there is one."""
    whole = _choose_part(chosen)
    counted = whole if count == RowCount.PAGE else None
    query = describe_rows(chosen, whole, count=count, backwards=cut.backwards, counted=counted)
    if cut.place:
        value = _describe_value("value", cut.place.value)
        query = replace(query, **value, company=cut.place.company, case=cut.place.case)
    if whole != Part.EITHER or chosen.sort in COMPANY_ORDERS:
        return _read(query)
    begun = _read(replace(query, part=Part.CASES))
    found = [*begun, *_read_companies(query, begun)]
    found.sort(key=lambda row: (row.company_id, row.case or NO_CASE), reverse=cut.backwards)
    found.sort(key=lambda row: row.value, reverse=is_newest_first(chosen.sort) != cut.backwards)
    return found


def _choose_part(chosen: Chosen) -> Part:
    if chosen.needs_case:
        return Part.CASES
    return Part.COMPANIES if chosen.state == RowState.NOT_STARTED else Part.EITHER


def _read_companies(query: RowQuery, begun: list[FoundRow]) -> list[FoundRow]:
    """Companies without an onboarding, none that lies beyond the last onboarding if there are more of these.

    Few of the old companies have none: without an end all of them would be looked at for the page's last row.
    """
    until = _describe_value("until", begun[-1].value) if len(begun) > query.count else {}
    counted = None if begun else query.counted
    return _read(replace(query, part=Part.COMPANIES, counted=counted, **until))


def _read(query: RowQuery) -> list[FoundRow]:
    return [FoundRow._make(row) for row in find_rows(query)]


def _describe_value(name: str, value: PlaceValue) -> dict[str, Any]:
    return {f"{name}_{'moment' if isinstance(value, datetime) else 'text'}": value}


@prepare_filters
def find_rows(query: RowQuery) -> QuerySet[Company, tuple[Any, ...]]:
    """The columns of a FoundRow of each."""
    found = _look_up_first(query) if _lie_far_behind(query) else select_rows(query)
    found = found.annotate(
        value=_choose_value(query),
        current=_select_current(),
        primary=select_primary("pk"),
        total=_count_rows(query),
    )
    return _cut_page(found, query).values_list(*FoundRow._fields)


def _cut_page(found: QuerySet[M], query: RowQuery) -> QuerySet[M]:
    """In order, from the place on, as many as are asked for and one more; with `value`, `company_id` and `case`."""
    descends = is_newest_first(query.sort) != query.backwards
    if until := query.until_text or query.until_moment:
        found = found.filter(**{f"value__{'gte' if descends else 'lte'}": until})
    if value := query.value_text or query.value_moment:
        found = found.filter(_lies_beyond(query, value, "lt" if descends else "gt"))
    keys = [f"-{key}" if query.backwards else key for key in ("company_id", "case")]
    return found.order_by("-value" if descends else "value", *keys)[: query.count + 1]


def _lie_far_behind(query: RowQuery) -> bool:
    """Whether the onboardings that fit are looked up and put in order before anything else is read of them."""
    return query.ends_at_most is not None and query.sort in (Sort.SINCE, Sort.DUE) and not query.search.words


def _look_up_first(query: RowQuery) -> QuerySet[Company]:
    """The rows of this page, in no order."""
    keys = _cut_page(_select_counted(query).annotate(value=_choose_value(query)), query)
    return _select_all().filter(Q(case__in=keys.values("pk")))


def _choose_value(query: RowQuery) -> Combinable:
    """What is ordered by; where it is stored twice, that of which there is an index with what is asked for."""
    if query.sort == Sort.ADDED and query.environment and is_stored():
        return added_at()
    return ORDERS[query.sort][query.part == Part.COMPANIES]()


def select_rows(query: RowQuery) -> QuerySet[Company]:
    """The rows that fit, in no order; an onboarding's columns have the names that they have there."""
    found = _select_all()
    if query.part != Part.EITHER:  # by the column of the join, which alone tells PostgreSQL what is meant
        found = found.filter(Q(case_company__isnull=query.part == Part.COMPANIES))
    if query.part == Part.COMPANIES and is_stored():
        found = found.filter(has_not_begun())
    return found.filter(*list_company_conditions(query), *list_case_conditions(query)).order_by()


def _select_all() -> QuerySet[Company]:
    cases = {name: F(f"onboardings__{name}") for name in (*CASE_COLUMNS, "started_at")}
    return Company.objects.annotate(
        company_id=F("pk"), case=F("onboardings__pk"), case_company=F("onboardings__company"), **cases
    )


class _CountUpTo(Subquery):
    """How many rows a query has, which is cut somewhere."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def _count_rows(query: RowQuery) -> Combinable:
    if query.counted is None:
        return Value(None, IntegerField())
    return _CountUpTo(
        _select_counted(replace(query, part=query.counted, sort=Sort.NAME)).values("pk")[: MOST_COUNTED + 1]
    )


def _select_counted(query: RowQuery) -> QuerySet[Company] | QuerySet[Onboarding]:
    """The rows that fit; where little is asked of the company, without reading that of each, or its onboarding."""
    if query.part == Part.COMPANIES and query.outside is None and is_stored():
        companies = Company.objects.annotate(company_id=F("pk")).filter(*list_company_conditions(query))
        return companies.filter(has_not_begun()).order_by()
    if query.part != Part.CASES or query.search.words or query.state in (RowState.HELD, RowState.ARCHIVED):
        return select_rows(query)
    archived = Company.objects.filter(pk=OuterRef("company_id"), archived_at__isnull=False)
    found = Onboarding.objects.annotate(case=F("pk")).filter(*list_case_conditions(query))
    return found.filter(~Q(Exists(archived))).order_by()


def _name() -> Combinable:
    """In small letters, by code points on both databases, so that Python joins two lists in the same order."""
    small = Lower("name")
    return Collate(small, "C") if connection.vendor == "postgresql" else small


ORDERS: dict[Sort, tuple[Callable[[], Combinable], Callable[[], Combinable]]] = {
    Sort.NAME: (_name, _name),
    Sort.SINCE: (stands_since, lambda: F("created_at")),
    Sort.DUE: (due_or_far, lambda: Value(FAR)),
    Sort.ADDED: (lambda: F("created_at"), lambda: F("created_at")),
}
"""What each order compares, of an onboarding and of a company that has none."""
COMPANY_ORDERS = (Sort.NAME, Sort.ADDED)  # which compare the same of both


def is_newest_first(sort: Sort) -> bool:
    """Whether the greatest value comes first; companies and onboardings of the same value go by their ids."""
    return sort == Sort.ADDED


@cache  # queries copy an expression before they use it
def _select_current() -> Subquery:
    """Of the step where an onboarding stands: its problem, and who has it."""
    records = StepRecord.objects.filter(onboarding=OuterRef("case"), slug=OuterRef("current_step"))
    people = {name: f"assignee__{name}" for name in (*COLUMNS, "is_active")}
    columns = JSONObject(problem_code="problem_code", **people)
    return Subquery(records.exclude(state=State.DONE).values(columns=columns)[:1])


def _lies_beyond(query: RowQuery, value: PlaceValue, beyond: str) -> Q:
    """Whether a row's value and then its ids lie beyond the place; an index begins at the first condition alone."""
    id_beyond = "lt" if query.backwards else "gt"
    found, same = Q(**{f"value__{beyond}": value}), Q(value=value)
    for key, place in (("company_id", query.company), ("case", query.case)):
        found |= same & Q(**{f"{key}__{id_beyond}": place})
        same &= Q(**{key: place})
    return Q(**{f"value__{beyond}e": value}) & found


def read_value(sort: Sort, stored: str) -> PlaceValue:
    """The value of a place as it was written into an address. Raises ValueError."""
    return stored if sort == Sort.NAME else datetime.fromisoformat(stored)


def write_value(value: PlaceValue) -> str:
    """The same, to be written there."""
    return value.isoformat() if isinstance(value, datetime) else value
