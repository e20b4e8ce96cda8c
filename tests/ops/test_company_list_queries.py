"""The list of companies asks the database for a page, however many companies there are.

Which rows it shows is in test_company_list.py.
"""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from onboarding.people.models import Company
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
