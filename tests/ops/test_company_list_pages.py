"""The pages of the list of companies, on and back, have the rows that a plain queryset finds, in their order.

What a filter means is in test_company_list.py.
"""

from itertools import pairwise
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone

from bench.scale_pages import LISTS
from onboarding.journey.models import Onboarding
from onboarding.ops.company_list import read_page
from onboarding.ops.filters import Chosen, FilterForm, Sort
from onboarding.ops.row_filters import Part, RowCount, describe_rows
from onboarding.ops.row_queries import NO_CASE, ORDERS, Cut, find_place, read_rows, select_rows
from onboarding.people.models import Company
from tests.clients.factories import let_in
from tests.handover.factories import make_dana
from tests.ops.factories import make_many
from tests.ops.test_company_list import _issue
from tests.people_fixtures import People

COMBINATIONS = (
    *(
        "q=harb+power&sort=since",
        "q=lead+0003",
        "q=many7.example&state=stuck",
        "q=0a1b2c3d04",
        "q=zebra",
        "q=ABCD",
    ),
    *(
        "q=AAAA-AAAE",
        "q=power&state=not-started&sort=added",
        "state=not-started&sort=since",
        "dcp=none&sort=due",
    ),
    *(
        "state=held&sort=since",
        "state=not-started&environment=uit",
        "expiring=90&q=power&sort=added",
        "dcp=.example",
    ),
    *(
        "expiring=30&sort=due",
        "expiring=30&sort=since",
        "expiring=60&sort=added",
        "expiring=60&q=mill&sort=due",
    ),
    *("environment=production&stage=Vetting&actor=companies&age=0-30&sort=due", "dcp=none&q=mill&sort=since"),
)


@pytest.fixture
def various(people: People) -> None:
    made = make_many(120)
    for number, case in enumerate(Onboarding.objects.filter(company__in=made).order_by("code")[:70]):
        _issue(case, f"0A1B2C3D{number:02}", 20)
    _issue(Onboarding.objects.get(company=made[10]), "0A1B2C3D99", 300)  # renewed
    case = Onboarding.objects.get(company=made[1])
    case.started_by = people.olga
    let_in(case, make_dana(), "csr")
    Company.objects.filter(slug__in=["many-3", "many-6"]).update(on_hold_since=timezone.now())
    Company.objects.filter(slug__in=["many-8", "many-12"]).update(archived_at=timezone.now())


def _sort_plainly(chosen: Chosen) -> list[tuple[Any, ...]]:
    """The ids of all rows that fit, by querysets without a text that was prepared, put in order by Python."""
    found = []
    for part in (Part.CASES, Part.COMPANIES):
        if part == Part.COMPANIES and chosen.needs_case:
            continue
        value = ORDERS[chosen.sort][part == Part.COMPANIES]()
        rows = select_rows(describe_rows(chosen, part)).annotate(value=value)
        found += rows.values_list("value", "company_id", "case")
    found.sort(key=lambda row: (row[1], row[2] or NO_CASE))
    return sorted(found, key=lambda row: row[0], reverse=chosen.sort == Sort.ADDED)


def _read_prepared(chosen: Chosen) -> list[tuple[Any, ...]]:
    """The same from the pages, on to the last and back to the first."""
    pages, cut = [], Cut()
    while True:
        rows = read_rows(chosen, cut, RowCount.PAGE)
        pages.append(rows[:50])
        if len(rows) <= 50:
            break
        cut = Cut(find_place(rows[49]))
    for page, following in reversed(list(pairwise(pages))):
        cut = Cut(find_place(following[0]), backwards=True)
        back = read_rows(chosen, cut, RowCount.PAGE)[:50]
        assert [each._replace(total=0) for each in reversed(back)] == [
            each._replace(total=0) for each in page
        ]
    assert read_page(chosen).total == sum(map(len, pages))
    return [(each.value, each.company_id, each.case) for page in pages for each in page]


@pytest.mark.parametrize("query", [*LISTS, *COMBINATIONS])
def test_prepared_pages_have_the_rows_of_plain_querysets_in_order(various: None, query: str) -> None:
    form = FilterForm(QueryDict(query))
    assert form.is_valid()
    plain = _sort_plainly(form.chosen)
    assert _read_prepared(form.chosen) == plain
    assert bool(plain) == (query not in NOTHING)


NOTHING = frozenset(
    {
        *("q=williams", "q=energy&state=stuck", "q=zebra", "q=ABCD", "problem=identity-rejected"),
        *("stage=Vetting&actor=globalsign&sort=since", "state=not-started&environment=uit"),
        "environment=production&stage=Vetting&actor=companies&age=0-30&sort=due",
    }
)
