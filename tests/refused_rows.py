"""A row that cannot be written: the database refuses each change of it, as a broken one would.

What becomes of the other rows of its batch is in the tests of the rooms.
"""

from uuid import UUID

from django.db import connection
from django.db.models import Model


def refuse_changes(row: Model) -> None:
    """From now on, until the test ends, every UPDATE of this row fails."""
    table, key = row._meta.db_table, row._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            own = row.pk.hex if isinstance(row.pk, UUID) else row.pk
            cursor.execute(
                f'CREATE TRIGGER refuse_it BEFORE UPDATE ON "{table}" WHEN CAST(OLD."{key}" AS text) = \'{own}\' '
                "BEGIN SELECT RAISE(ABORT, 'this row is poisoned'); END"
            )
            return
        cursor.execute(
            "CREATE FUNCTION refuse_it() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'this row is poisoned'; END $$"
        )
        cursor.execute(
            f'CREATE TRIGGER refuse_it BEFORE UPDATE ON "{table}" FOR EACH ROW '
            f"""WHEN (OLD."{key}"::text = '{row.pk}') EXECUTE FUNCTION refuse_it()"""
        )
