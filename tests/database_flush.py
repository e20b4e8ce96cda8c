"""Emptying the test database between tests that really commit, although its triggers refuse to lose an event.

The tests' role is the server's superuser and may switch triggers off for a statement; the portal's role may not.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.backends.signals import connection_created

EVERY_TABLE = ('"audit_event"', '"audit_chainhead"', '"people_user"')


def without_triggers(statement: str, *values: Any) -> int:
    """Run SQL as somebody who owns the database and has switched its triggers off; how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            cursor.execute(statement, values or None)
            return cursor.rowcount
        finally:
            cursor.execute("SET session_replication_role = origin")


def _let_flush_pass(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Around every statement of a test: only Django's `flush`, which empties all tables at once, is let through."""
    if not (
        isinstance(sql, str) and sql.startswith("TRUNCATE") and all(table in sql for table in EVERY_TABLE)
    ):
        return execute(sql, params, many, context)
    execute("SET LOCAL session_replication_role = replica", None, False, context)
    answer = execute(sql, params, many, context)
    execute("SET LOCAL session_replication_role = origin", None, False, context)
    return answer


def _on_connection(connection: Any, **_: Any) -> None:
    if _let_flush_pass not in connection.execute_wrappers:
        connection.execute_wrappers.append(_let_flush_pass)


connection_created.connect(_on_connection, dispatch_uid="tests.database_flush")
