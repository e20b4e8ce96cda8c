"""The list of companies asks the database for a page, however many companies there are.

Which rows it shows is in test_company_list.py and test_company_list_pages.py.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from onboarding.people.models import Company
from tests.databases import on_postgresql
from tests.ops.factories import make_many
from tests.ops.test_company_list import LIST, olga, read

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
    parts = ('AS "value"', '"journey_onboarding"."company_id" IS NOT NULL', "LIMIT 51")
    sql = next(each["sql"] for each in asked.captured_queries if all(part in each["sql"] for part in parts))
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
        if '"journey_onboarding"."company_id" IS NULL' in each["sql"]
    ]
    assert len(asked_for) == 1
    assert "<= '" in asked_for[0]


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
        assert searches
        for sql in searches:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
            nodes = list(_list_nodes(cursor.fetchone()[0][0]["Plan"]))
            looked_up = [each for each in nodes if " @@ " in str({**each, "Plans": ()})]
            assert looked_up
            assert max(each["Actual Loops"] for each in looked_up) <= 1
