"""Fill today's tables from those of the earlier layout: all rows, or nothing.

The old tables step aside (another schema on PostgreSQL, another file on SQLite), `migrate` makes today's, and each is
filled by one INSERT ... SELECT. So the tables are by construction those of a new installation. What is stored is copied
as it is: events keep their digests, secrets stay bound to the names under which they were sealed. Triggers and
constraints judge every row on its way in.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, IntegrityError, models, transaction

from onboarding.conversion.layout import COLUMNS, TABLES
from onboarding.journey import step_list
from onboarding.journey.steps import ORDER

ASIDE = "earlier"  # the schema, or the attached file, in which the old tables stand meanwhile
MADE_BY_MIGRATE = frozenset(
    {"django_migrations", "django_content_type", "auth_permission", "auth_group_permissions"}
)


class CannotConvert(Exception):
    """The database cannot be converted; the sentence says why."""


def convert(connection: Any) -> dict[str, int]:
    """Convert the database of this connection of Django's. Returns how many rows each table got.

    Raises CannotConvert; the database is then as it was.
    """
    aside = _schema_aside if connection.vendor == "postgresql" else _file_aside
    try:
        with aside(connection):
            call_command("migrate", verbosity=0, skip_checks=True)
            copied = _copy(connection)
        call_command("migrate", verbosity=0, skip_checks=True)  # its signals look after rows that it finds
    except IntegrityError as error:
        raise CannotConvert(f"A row breaks a rule of today's tables: {error}") from error
    except DatabaseError as error:
        raise CannotConvert(f"The database refused: {error}") from error
    return copied


@contextmanager
def _schema_aside(connection: Any) -> Iterator[None]:
    """PostgreSQL: move tables, types and functions into a schema of their own; one transaction, dropped at its end."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {ASIDE}")
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"ALTER TABLE {connection.ops.quote_name(table)} SET SCHEMA {ASIDE}")
        cursor.execute(
            "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
            "WHERE n.nspname = current_schema() AND pg_get_userbyid(p.proowner) = current_user "
            "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
        )
        for (function,) in cursor.fetchall():
            cursor.execute(f"ALTER FUNCTION {function} SET SCHEMA {ASIDE}")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"DROP SCHEMA {ASIDE} CASCADE")


@contextmanager
def _file_aside(connection: Any) -> Iterator[None]:
    """SQLite: the old file gets another name, and its own again if anything fails."""
    path = Path(connection.settings_dict["NAME"])
    old = path.with_name(f"{path.name}.{ASIDE}")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    path.rename(old)
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"ATTACH DATABASE %s AS {ASIDE}", [str(old)])
        yield
        connection.check_constraints()
    except BaseException:
        connection.close()
        for each in path.parent.glob(f"{path.name}*"):
            if each != old and each.name in {path.name, f"{path.name}-wal", f"{path.name}-shm"}:
                each.unlink()
        old.rename(path)
        raise
    connection.close()
    old.unlink()


def _copy(connection: Any) -> dict[str, int]:
    """Fill every table that has a source. Raises CannotConvert if anything of the old tables would be left behind."""
    sources = _old_columns(connection)
    copied, read = {}, set(MADE_BY_MIGRATE)
    with transaction.atomic(), connection.cursor() as cursor:
        for model in _models_in_order():
            table = model._meta.db_table
            source = TABLES.get(table, table)
            if table in MADE_BY_MIGRATE or source not in sources:
                continue
            read.add(source)
            copied[table] = _fill(connection, cursor, model, source, sources[source])
        left = [name for name in sources if name not in read and _has_rows(connection, cursor, name)]
        if left:
            raise CannotConvert(f"No table of today takes the rows of {', '.join(sorted(left))}.")
        for statement in connection.ops.sequence_reset_sql(no_style(), list(_models_in_order())):
            cursor.execute(statement)
        # Steps that are newer than the old tables: their records get numbers behind those that were copied.
        step_list.write_missing_records(apps, connection.alias, ORDER)
    return copied


def _models_in_order() -> list[type[models.Model]]:
    """Every model with a table of its own, those that others refer to first: a trigger may ask for them."""
    found: dict[type[models.Model], None] = {}

    def add(model: type[models.Model], above: frozenset[type[models.Model]]) -> None:
        if model in found or model in above or not model._meta.managed or model._meta.proxy:
            return
        for field in model._meta.concrete_fields:
            if field.related_model and not isinstance(field.related_model, str):
                add(field.related_model, above | {model})
        found[model] = None

    for model in apps.get_models(include_auto_created=True):
        add(model, frozenset())
    return list(found)


def _old_columns(connection: Any) -> dict[str, list[str]]:
    """The old tables with their columns."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = %s",
                [ASIDE],
            )
        else:
            cursor.execute(
                f"SELECT t.name, c.name FROM {ASIDE}.sqlite_master t, pragma_table_info(t.name, '{ASIDE}') c "  # noqa: S608
                "WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%%'"
            )
        columns: dict[str, list[str]] = {}
        for table, column in cursor.fetchall():
            columns.setdefault(table, []).append(column)
    return columns


def _fill(connection: Any, cursor: Any, model: type[models.Model], source: str, there: list[str]) -> int:
    """INSERT ... SELECT into the model's table. Raises CannotConvert if a column has no place or no value."""
    quote, table = connection.ops.quote_name, model._meta.db_table
    renamed = COLUMNS.get(table, {})
    into, out, values, taken = [], [], [], set()
    for field in model._meta.concrete_fields:
        column = renamed.get(str(field.column), str(field.column))
        if column in there:
            taken.add(column)
            into.append(quote(field.column))
            out.append(quote(column))
        elif not field.has_db_default():
            into.append(quote(field.column))
            out.append("%s")
            values.append(field.get_db_prep_save(_value_of_new(field), connection))
    if left := sorted(set(there) - taken):
        raise CannotConvert(f"{table} has no place for {', '.join(left)} of {source}.")
    cursor.execute(
        f"INSERT INTO {quote(table)} ({', '.join(into)}) SELECT {', '.join(out)} FROM {ASIDE}.{quote(source)}",  # noqa: S608  names of ours
        values,
    )
    count: int = cursor.rowcount
    return count


def _value_of_new(field: Any) -> Any:
    """What a column holds that the earlier layout did not have."""
    if field.has_default():
        return field.get_default()
    if field.null:
        return None
    if field.blank and field.empty_strings_allowed:
        return ""
    raise CannotConvert(f"{field.model._meta.db_table}.{field.column} is new and has no value to start with.")


def _has_rows(connection: Any, cursor: Any, table: str) -> bool:
    cursor.execute(f"SELECT 1 FROM {ASIDE}.{connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608
    return cursor.fetchone() is not None
