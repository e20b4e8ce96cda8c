"""Moments from PostgreSQL are what Django's own reader makes of them; on SQLite nothing is different."""

from typing import Any

import pytest
from django.db import DataError, connection

from tests.databases import on_postgresql

pytestmark = [pytest.mark.django_db, on_postgresql]

MOMENTS = (
    *("2026-11-30 17:00:00+00", "2026-11-30 17:00:00.1+00", "2026-11-30 17:00:00.000001+00"),
    *("2026-06-30 17:00:00.12345+01", "0001-01-01 00:00:00+00", "9999-12-31 23:59:59.999999+00"),
)


def _read(moment: str, reader: Any = None) -> Any:
    with connection.cursor() as cursor:
        if reader:
            cursor.cursor.adapters.register_loader("timestamptz", reader)
        cursor.execute(f"SELECT '{moment}'::timestamptz, NULL::timestamptz")
        return cursor.fetchone()


def _get_readers() -> tuple[Any, Any]:
    """(the one in use, Django's own from which it is made)."""
    from psycopg.postgres import types
    from psycopg.pq import Format

    connection.ensure_connection()
    used = connection.connection.adapters.get_loader(types["timestamptz"].oid, Format.TEXT)
    return used, used.__base__


def test_connections_have_the_reader() -> None:
    used, given = _get_readers()
    assert used.__module__ == "certs.stored_moments"
    assert given.__module__.startswith("django.")


@pytest.mark.parametrize("moment", MOMENTS)
def test_each_moment_is_the_same(moment: str) -> None:
    _, given = _get_readers()
    (ours, nothing), (theirs, _) = _read(moment), _read(moment, given)
    assert (ours, ours.tzinfo, nothing) == (theirs, theirs.tzinfo, None)


@pytest.mark.parametrize(
    "moment", ["infinity", "-infinity", "0044-03-15 12:00:00 BC", "10001-01-01 00:00:00+00"]
)
def test_what_is_no_datetime_fails_as_before(moment: str) -> None:
    _, given = _get_readers()
    with pytest.raises(DataError) as ours:
        _read(moment)
    with pytest.raises(DataError) as theirs:
        _read(moment, given)
    assert str(ours.value) == str(theirs.value)
