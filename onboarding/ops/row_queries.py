"""The queries behind the list of companies: filtered, ordered, and cut after a place in the order.

A row is an onboarding, or a company that has none: two queries in the same order, which company_list.py joins. Both
take only as many rows as a page has, from an index where the order has one; no page is counted past MOST_COUNTED.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeAlias
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Collate, JSONObject, Lower
from django.db.models.lookups import Range

from certs import clock
from certs.models import Certificate
from onboarding.handover.models import Grant
from onboarding.journey.choices import OnboardingStatus
from onboarding.journey.indexes import FAR, due_or_far, stands_since
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.steps import Stage, State, list_stage
from onboarding.ops.filters import ACTORS, Chosen, RowState, Sort
from onboarding.ops.search import are_many_meant, is_meant
from onboarding.people.contact_details import COLUMNS, select_primary
from onboarding.people.models import Company

MOST_COUNTED = 1000
COMPANY_COLUMNS = ("slug", "name", "number", "created_at", "archived_at", "on_hold_since")
CASE_COLUMNS = (
    *("code", "environment", "status", "current_step", "current_state", "next_actor", "since", "due_at"),
    *("ended_at", "deadlines_paused_at", "company", *(f"company__{name}" for name in COMPANY_COLUMNS)),
)
NO_CASE = UUID(int=0)
Rows: TypeAlias = QuerySet[Onboarding] | QuerySet[Company]


@dataclass(frozen=True)
class Place:
    """Where a row stands in the order: the value that is ordered by, then the company's id, then the onboarding's."""

    value: str | datetime
    company: UUID
    case: UUID = NO_CASE


@dataclass(frozen=True)
class Cut:
    """Which rows are read: those that follow a place, or (`backwards`) come before it, the nearest to it first.

    Without a place those at the beginning.
    """

    place: Place | None = None
    backwards: bool = False


def _name(column: str) -> Combinable:
    """In small letters, by code points on both databases, so that Python joins two lists in the same order."""
    small = Lower(column)
    return Collate(small, "C") if connection.vendor == "postgresql" else small


ORDERS: dict[Sort, tuple[Callable[[], Combinable], Callable[[], Combinable]]] = {
    Sort.NAME: (lambda: _name("company__name"), lambda: _name("name")),
    Sort.SINCE: (stands_since, lambda: F("created_at")),
    Sort.DUE: (due_or_far, lambda: Value(FAR)),
    Sort.ADDED: (lambda: F("company__created_at"), lambda: F("created_at")),
}
"""What each order compares, of an onboarding and of a company that has none."""


def is_newest_first(sort: Sort) -> bool:
    """Whether the greatest value comes first; companies and onboardings of the same value go by their ids."""
    return sort == Sort.ADDED


def select_cases(chosen: Chosen, is_common: bool = False) -> QuerySet[Onboarding]:
    """The onboardings that fit, in no order.

    Where many do (`is_common`), the end of a certificate is asked of each row, and a page of them is found along the
    order; where few do they are looked up first, and then ordered.
    """
    found = Onboarding.objects.filter(_fits_case(chosen), _fits_company(chosen, "company__"))
    if chosen.expiring:
        found = found.exclude(status=OnboardingStatus.WITHDRAWN).filter(_fits_end(chosen, is_common))
    if chosen.state == RowState.STUCK:
        found = found.stuck(clock.now())
    if chosen.words:
        found = found.filter(is_meant("company_id", chosen.words))
    if chosen.needs_active:
        found = found.active()
    return found


def select_companies(chosen: Chosen) -> QuerySet[Company]:
    """The companies without any onboarding that fit, in no order."""
    if chosen.needs_case:
        return Company.objects.none()
    begun = Onboarding.objects.filter(company=OuterRef("pk"))
    found = Company.objects.filter(~Exists(begun), _fits_company(chosen, ""))
    if chosen.words:
        found = found.filter(is_meant("pk", chosen.words))
    return found.order_by()


def read_cases(chosen: Chosen, cut: Cut, count: int, is_common: bool = False) -> list[Onboarding]:
    """The next onboardings in the order of the list, or against it, each with its company and `value`.

    Read along are its company's `primary`, and of its step `problem_code` and `assignee` (contact_details.py).
    """
    case, _ = ORDERS[chosen.sort]
    found = (
        select_cases(chosen, is_common).annotate(value=case(), **_select_current()).select_related("company")
    )
    found = found.annotate(primary=select_primary("company")).only(*CASE_COLUMNS)
    if place := cut.place:
        found = found.filter(_lies_beyond(chosen.sort, cut, {"company_id": place.company, "pk": place.case}))
    return list(found.order_by(*_list_order(chosen.sort, cut, "company_id", "pk"))[:count])


def read_companies(chosen: Chosen, cut: Cut, count: int, until: Any = None) -> list[Company]:
    """The next companies without an onboarding, each with `value` and `primary`, none whose value lies beyond `until`.

    Few of the old companies have none: without an end all of them would be looked at for the page's last row.
    """
    _, company = ORDERS[chosen.sort]
    found = select_companies(chosen).annotate(value=company(), primary=select_primary("pk"))
    found = found.only(*COMPANY_COLUMNS)
    if until is not None:
        descends = is_newest_first(chosen.sort) != cut.backwards
        found = found.filter(**{f"value__{'gte' if descends else 'lte'}": until})
    if place := cut.place:
        found = found.filter(_lies_beyond(chosen.sort, cut, {"pk": place.company}))
    return list(found.order_by(*_list_order(chosen.sort, cut, "pk"))[:count])


def count_rows(chosen: Chosen) -> int:
    """How many rows fit; MOST_COUNTED + 1 stands for any number above it."""
    if (
        chosen.words
        and chosen == Chosen(words=chosen.words, sort=chosen.sort)
        and are_many_meant(chosen.words, MOST_COUNTED)
    ):
        return MOST_COUNTED + 1
    fitting = select_cases(chosen).order_by().values("pk")
    if not chosen.needs_case:
        return fitting.union(select_companies(chosen).values("pk"), all=True)[: MOST_COUNTED + 1].count()
    return fitting[: MOST_COUNTED + 1].count()


@cache  # queries copy an expression before they use it
def _select_current() -> dict[str, Subquery]:
    """Of the step where an onboarding stands: its problem, and who has it as far as they can sign in."""
    records = StepRecord.objects.filter(onboarding=OuterRef("pk"), slug=OuterRef("current_step"))
    current = records.exclude(state=State.DONE)
    names = JSONObject(**{name: f"assignee__{name}" for name in COLUMNS})
    return {
        "problem_code": Subquery(current.values("problem_code")[:1]),
        "assignee": Subquery(current.filter(assignee__is_active=True).values(columns=names)[:1]),
    }


def _list_order(sort: Sort, cut: Cut, *keys: str) -> list[str]:
    sign = "-" if is_newest_first(sort) != cut.backwards else ""
    return [f"{sign}value", *(f"-{key}" if cut.backwards else key for key in keys)]


def _lies_beyond(sort: Sort, cut: Cut, ids: Mapping[str, UUID]) -> Q:
    """Whether a row's value and then its ids lie beyond the place; an index begins at the first condition alone."""
    assert cut.place is not None
    value, id_beyond = cut.place.value, "lt" if cut.backwards else "gt"
    beyond = "lt" if is_newest_first(sort) != cut.backwards else "gt"
    found, same = Q(**{f"value__{beyond}": value}), Q(value=value)
    for key, place in ids.items():
        found |= same & Q(**{f"{key}__{id_beyond}": place})
        same &= Q(**{key: place})
    return Q(**{f"value__{beyond}e": value}) & found


def _fits_company(chosen: Chosen, to_company: str) -> Q:
    """What is asked of the company; `to_company` leads from the row to it."""
    is_archived = chosen.state == RowState.ARCHIVED
    fits = Q(**{f"{to_company}archived_at__isnull": not is_archived})
    if chosen.state == RowState.HELD:
        fits &= Q(**{f"{to_company}on_hold_since__isnull": False})
    return fits


def _fits_case(chosen: Chosen) -> Q:
    fits = Q()
    if chosen.state == RowState.NOT_STARTED:
        fits &= Q(pk__in=[])
    if status := STATUSES.get(chosen.state):
        fits &= Q(status=status)
    if chosen.environment:
        fits &= Q(environment=chosen.environment)
    if chosen.stage:
        fits &= Q(current_step__in=[row.slug for row in list_stage(Stage(chosen.stage))])
    if chosen.actor:
        fits &= Q(next_actor__in=ACTORS[chosen.actor][1])
    return fits & _fits_age(chosen) & _fits_problem(chosen) & _fits_dcp(chosen)


STATUSES: dict[str, OnboardingStatus] = {
    RowState.UNDER_WAY: OnboardingStatus.ACTIVE,
    RowState.COMPLETE: OnboardingStatus.COMPLETED,
    RowState.WITHDRAWN: OnboardingStatus.WITHDRAWN,
}


def _fits_age(chosen: Chosen) -> Q:
    if chosen.age is None:
        return Q()
    (low, high), now = chosen.age, clock.now()
    fits = Q(since__lte=now - timedelta(days=low))
    return fits if high is None else fits & Q(since__gt=now - timedelta(days=high))


def _fits_problem(chosen: Chosen) -> Q:
    if not chosen.problem:
        return Q()
    if chosen.problem == "any":
        return Q(current_state=State.PROBLEM)
    records = StepRecord.objects.filter(state=State.PROBLEM, problem_code=chosen.problem)
    return Q(pk__in=records.values("onboarding_id"))


def _fits_end(chosen: Chosen, is_common: bool) -> Q:
    """Its newest certificate ends within the days, and has not ended."""
    now = clock.now()
    within = (now, now + timedelta(days=chosen.expiring))
    if (
        is_common and chosen.sort == Sort.NAME
    ):  # in the other orders those that end soon lie together, far behind
        newest = Certificate.objects.filter(case_id=OuterRef("pk")).order_by("-not_after")
        return Q(Range(Subquery(newest.values("not_after")[:1]), within))
    longer = Certificate.objects.filter(case_id=OuterRef("case_id"), not_after__gt=OuterRef("not_after"))
    ending = Certificate.objects.filter(~Exists(longer), not_after__range=within)
    return Q(pk__in=ending.order_by().values("case_id"))


def _fits_dcp(chosen: Chosen) -> Q:
    """Somebody from outside has access now."""
    if not chosen.dcp:
        return Q()
    given = Grant.objects.in_force().order_by()
    if chosen.dcp == "none":
        return ~Q(Exists(given.filter(onboarding=OuterRef("pk"))))
    if chosen.dcp != "any":
        given = given.filter(user__email__endswith=chosen.dcp)
    return Q(pk__in=given.values("onboarding_id"))


def read_value(sort: Sort, stored: str) -> str | datetime:
    """The value of a place as it was written into an address. Raises ValueError."""
    return stored if sort == Sort.NAME else datetime.fromisoformat(stored)


def write_value(value: Any) -> str:
    """The same, to be written there."""
    return value.isoformat() if isinstance(value, datetime) else str(value)
