"""A connection keeps the statements of all pages prepared, not only of those that were opened last."""

import pytest
from django.db import connection

from certs.kept_plans import MOST_PLANS
from tests.databases import on_postgresql


@on_postgresql
@pytest.mark.django_db
def test_more_statements_stay_prepared_than_the_driver_keeps_of_itself() -> None:
    count = 150
    with connection.cursor() as cursor:
        for _ in range(3):
            for number in range(count):
                cursor.execute(f"SELECT %s::int + {number}", [1])
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT $1::int + %'"
        )
        assert cursor.fetchone() == (count,)
    assert count < MOST_PLANS
