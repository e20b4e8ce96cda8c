"""One view of the whole database for as long as a check runs, so that what is written meanwhile disturbs nothing.

What is checked in it is the caller's.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def read_snapshot() -> Iterator[None]:
    """Everything read inside is of one moment, and nothing can be written.

    PostgreSQL: REPEATABLE READ, READ ONLY. SQLite: one deferred transaction; in WAL it hinders no writer. Inside a
    transaction that is open already, that one's view counts.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with _deferred():
            yield


@contextmanager
def _deferred() -> Iterator[None]:
    """`atomic` would begin an IMMEDIATE transaction, which keeps every writer out until the check has ended."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        cursor.execute("PRAGMA query_only = ON")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = OFF")
            cursor.execute("ROLLBACK")
