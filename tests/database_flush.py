"""Emptying the test database between tests that really commit, although its triggers refuse to lose an event.

The tests' role is the server's superuser and may switch triggers off for a statement; the portal's role may not.
"""

from functools import cache
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase

from tests.concurrency import end_racers

ALWAYS_THE_SAME = {"django_content_type", "auth_permission"}  # what the migrations wrote, and nobody changes


def without_triggers(statement: str, *values: Any) -> int:
    """Run SQL as somebody who owns the database and has switched its triggers off; how many rows it changed."""
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL can switch triggers off")
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            cursor.execute(statement, values or None)
            return cursor.rowcount
        finally:
            cursor.execute("SET session_replication_role = origin")


def _list_tables() -> list[str]:
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return [connection.ops.quote_name(name) for name in sorted(set(names) - ALWAYS_THE_SAME)]


@cache
def _statements() -> str:
    """One transaction. Whoever still writes is waited for, as TRUNCATE would."""
    tables = _list_tables()
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
        if connection.vendor == "postgresql":
            cursor.execute(_statements())
        else:
            _empty_file(cursor)


def _empty_file(cursor: Any) -> None:
    """SQLite cannot switch triggers off: they are taken away and made again."""
    with connection.constraint_checks_disabled(), transaction.atomic():
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        for table in _list_tables():
            cursor.execute(f"DELETE FROM {table}")
        for _, made in triggers:
            cursor.execute(made)


TransactionTestCase._fixture_teardown = _empty_tables  # type: ignore[attr-defined]
