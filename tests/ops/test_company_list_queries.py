"""The list of companies asks the database for a page, however many companies there are.

Which rows it shows is in test_company_list.py.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from onboarding.journey.models import Onboarding
from onboarding.ops.company_list import read_page
from onboarding.ops.filters import FilterForm
from onboarding.people.models import Company
from tests.databases import on_postgresql
from tests.ops.factories import make_many
from tests.ops.test_company_list import LIST, _issue, olga, read
from tests.people_fixtures import People

__all__ = ["olga"]


def test_a_page_asks_the_database_as_often_for_many_companies_as_for_few(olga: Client) -> None:
    def count(query: str) -> int:
        olga.get(f"{LIST}?{query}")
        with CaptureQueriesContext(connection) as asked:
            olga.get(f"{LIST}?{query}")
        return len(asked)

    queries = ("", "state=stuck", "q=power", "sort=since&age=1", "dcp=any")
    make_many(6)
    few = [count(query) for query in queries]
    make_many(120, first=6)
    assert [count(query) for query in queries] == few
    assert max(few) <= 12


@on_postgresql
@pytest.mark.parametrize(
    ("sort", "index"), [("since", "onboardings_by_standing"), ("due", "onboardings_by_due_time")]
)
def test_an_order_is_read_from_its_index_and_not_sorted(olga: Client, sort: str, index: str) -> None:
    """However small the table is here, the plan shows that the expressions of order and index are the same."""
    make_many(60)
    with CaptureQueriesContext(connection) as asked:
        olga.get(f"{LIST}?sort={sort}")
    read_page = ('AS "value"', 'FROM "journey_onboarding"', "LIMIT 51")
    sql = next(
        each["sql"] for each in asked.captured_queries if all(part in each["sql"] for part in read_page)
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert f"Index Scan using {index}" in plan, plan


def test_companies_that_have_not_begun_are_looked_for_up_to_the_last_row_only(olga: Client) -> None:
    made = make_many(120)
    Company.objects.filter(pk=made[119].pk).update(created_at=timezone.now() + timedelta(days=1))
    with CaptureQueriesContext(connection) as asked:
        assert len(read(olga, "sort=due")) == 50
    asked_for = [
        each["sql"]
        for each in asked.captured_queries
        if "NOT EXISTS" in each["sql"] and "LIMIT 51" in each["sql"]
    ]
    assert len(asked_for) == 1
    assert "<= '" in asked_for[0]


def test_the_same_rows_are_found_along_the_order_as_by_looking_them_up_first(people: People) -> None:
    made = make_many(60)
    for number in (4, 10, 16):
        case = Onboarding.objects.get(company=made[number])
        _issue(case, f"0A1B2C3D{number:02}", 20)
    _issue(Onboarding.objects.get(company=made[10]), "0A1B2C3D99", 300)  # renewed
    code = Onboarding.objects.get(company=made[4]).code
    expected = {
        "q=power": 50, "q=harb+power": 20, "q=lead+0003": 1, "q=many7.example": 1, f"q={code}": 1, f"q={code[:4]}": 50,
        "q=0a1b2c3d04": 1, "q=zebra": 0, "q=power&state=stuck": 20, "q=power&state=not-started&sort=added": 11,
        "expiring=30": 2, "expiring=90&sort=due": 2, "expiring=30&q=power+0004": 1,
    }  # fmt: skip
    for query, count in expected.items():
        form = FilterForm(QueryDict(query))
        assert form.is_valid()
        one, other = (read_page(form.chosen, is_common=is_common) for is_common in (False, True))
        assert list(one.rows) == list(other.rows), query
        assert (len(one.rows), one.after) == (count, other.after), query


def _list_nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for each in plan.get("Plans", ()):
        yield from _list_nodes(each)


@on_postgresql
def test_words_are_looked_up_once_also_where_tables_are_believed_to_be_empty(olga: Client) -> None:
    """As they are for the planner after many rows were added, until PostgreSQL counts them again."""
    make_many(60)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pg_class SET reltuples = 0, relpages = 9 WHERE relname ~ '^(people|journey|certs)_'"
        )
        with CaptureQueriesContext(connection) as asked:
            assert olga.get(f"{LIST}?q=power").status_code == 200
        searches = [each["sql"] for each in asked.captured_queries if "to_tsquery" in each["sql"]]
        assert len(searches) >= 3
        for sql in searches:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
            nodes = list(_list_nodes(cursor.fetchone()[0][0]["Plan"]))
            looked_up = [each for each in nodes if " @@ " in str({**each, "Plans": ()})]
            assert looked_up
            assert max(each["Actual Loops"] for each in looked_up) <= 1
