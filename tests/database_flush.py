"""Emptying the test database between tests that really commit, although its triggers refuse to lose an event.

The tests' role is the server's superuser and may switch triggers off for a statement; the portal's role may not.
"""

from functools import cache
from typing import Any

from django.db import connection
from django.test import TransactionTestCase

from tests.concurrency import end_racers

ALWAYS_THE_SAME = {"django_content_type", "auth_permission"}  # what the migrations wrote, and nobody changes


def without_triggers(statement: str, *values: Any) -> int:
    """Run SQL as somebody who owns the database and has switched its triggers off; how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            cursor.execute(statement, values or None)
            return cursor.rowcount
        finally:
            cursor.execute("SET session_replication_role = origin")


@cache
def _statements() -> str:
    """One transaction. Whoever still writes is waited for, as TRUNCATE would."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = [connection.ops.quote_name(name) for name in sorted(set(names) - ALWAYS_THE_SAME)]
    return "; ".join(
        [
            "SET LOCAL session_replication_role = replica",
            f"LOCK TABLE {', '.join(tables)}",
            *(f"DELETE FROM {table}" for table in tables),
        ]
    )


def _empty_tables(_: TransactionTestCase) -> None:
    """In place of Django's `flush`, which makes a new file for every table and looks for every permission again."""
    end_racers()
    with connection.cursor() as cursor:
        cursor.execute(_statements())


TransactionTestCase._fixture_teardown = _empty_tables  # type: ignore[attr-defined]
