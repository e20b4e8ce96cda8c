"""Whole rows, read and written by SQL that is put together once for each model, on PostgreSQL and SQLite alike.

For the few statements that every move sends: the ORM would compile them anew each time, which takes several times as
long as the database takes to do them. Names and conversions are the models' own; no signal is sent.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, JSONField, Model
from psycopg.types.json import Jsonb

Models = tuple[type[Model], ...]
Fields = tuple["Field[Any, Any]", ...]


class _Table(NamedTuple):
    """What is the same for every row; `readers` are the columns that are converted when they are read."""

    fields: Fields
    names: tuple[str, ...]
    key: int
    readers: tuple[tuple[int, Any, tuple[Any, ...]], ...]


def read_rows(sql: str, params: Sequence[Any], *of: type[Model]) -> Iterator[list[Any]]:
    """What `sql` finds: each row as one object of each model in `of`, and what comes after their columns as it is.

    `{columns}` in it stands for the columns of these models; where a join found no row of one, there is None. `{lock}`
    locks the rows of the first until the transaction ends (on SQLite the transaction itself is the lock).
    """
    line = connections[DEFAULT_DB_ALIAS]  # `connection` would look for it once more at each use
    with line.cursor() as cursor:
        cursor.execute(_complete(sql, of, line.vendor), [adapt_value(value, line) for value in params])
        found = cursor.fetchall()
    for values in found:
        yield list(_make_objects(values, of, line))


def insert_rows(rows: Sequence[Model]) -> None:
    """Add rows in one statement. The database gives them their keys, which the objects do not learn."""
    model = type(rows[0])
    fields = tuple(field for field in _describe(model, connection.vendor).fields if not field.primary_key)
    _execute(_insert(model, fields, len(rows)), [v for row in rows for v in _prepare(row, fields)])


def copy_rows(rows: Sequence[Model]) -> None:
    """Add many rows of one model, with every column as it stands: COPY on PostgreSQL, else one statement run for each.

    Rows without a key get one from the database, and the objects do not learn it. Columns that the model fills in by
    itself (auto_now_add) are written as they stand, so that a row may be older than its insertion.
    """
    if not rows:
        return
    model = type(rows[0])
    fields = _describe(model, connection.vendor).fields
    if rows[0].pk is None:
        fields = tuple(field for field in fields if not field.primary_key)
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.executemany(_insert(model, fields, 1), [_prepare(row, fields) for row in rows])
            return
        names = ", ".join(f'"{field.column}"' for field in fields)
        with cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy:
            wrap = [(field.attname, Jsonb if isinstance(field, JSONField) else None) for field in fields]
            for row in (
                rows
            ):  # psycopg takes all values as they are, but for plain JSON; asking each field costs half
                copy.write_row([to(getattr(row, name)) if to else getattr(row, name) for name, to in wrap])


def reserve_keys(model: type[Model], count: int) -> list[int]:
    """As many new whole-number keys of a model, in order, for rows that others refer to before they are stored.

    On SQLite they are nobody else's only inside a transaction, which there keeps every other writer out.
    """
    table, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
            cursor.execute(sequence, [f'"{table}"', key, count])
            return sorted(number for (number,) in cursor.fetchall())
        cursor.execute(f'SELECT COALESCE(MAX("{key}"), 0) FROM "{table}"')  # noqa: S608  names of ours
        (last,) = cursor.fetchone()
    return list(range(last + 1, last + 1 + count))


def overwrite_rows(rows: Sequence[Model]) -> None:
    """Write all columns of rows that are there already, in one statement: each is in its own way, and is updated."""
    model = type(rows[0])
    fields = _describe(model, connection.vendor).fields
    sql = _insert(model, fields, len(rows)) + _instead(model, connection.vendor)
    _execute(sql, [v for row in rows for v in _prepare(row, fields)])


def update_row(row: Model, names: tuple[str, ...], **still: Any) -> bool:
    """Write these columns of a row, if it is `still` so in the database; answers whether it was."""
    model = type(row)
    where = {model._meta.pk.name: row.pk, **still}
    values = [_field(model, name).get_db_prep_save(v, connection) for name, v in where.items()]
    written = _prepare(row, tuple(_field(model, name) for name in names))
    return _execute(_update(model, names, tuple(where)), [*written, *values]) == 1


def update_rows(
    rows: Sequence[Model], names: tuple[str, ...], still: tuple[str, ...] = (), **same: Any
) -> None:
    """Write these columns of rows in one statement; of each row only if it is `still` as its object says.

    `same` are columns that get one value in all of them, whatever the objects say.
    """
    if rows:
        model = type(rows[0])
        fields = tuple(_field(model, name) for name in (model._meta.pk.name, *still, *names))
        values = [_field(model, name).get_db_prep_save(value, connection) for name, value in same.items()]
        for row in rows:
            values += _prepare(row, fields)
        _execute(_update_each(model, fields, len(names), len(rows), tuple(same)), values)


def _execute(sql: str, values: Sequence[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def _prepare(row: Model, fields: Fields) -> list[Any]:
    line = connections[DEFAULT_DB_ALIAS]
    return [field.get_db_prep_save(getattr(row, field.attname), line) for field in fields]


def _field(model: type[Model], name: str) -> Any:
    return model._meta.get_field(name)


def adapt_value(value: Any, line: Any) -> Any:
    """A value for a statement as the ORM hands it to the database of this connection."""
    if isinstance(value, UUID):
        return value if line.features.has_native_uuid_field else value.hex
    if isinstance(value, str):
        return str(value)  # of an enum its text
    if isinstance(value, datetime):
        return line.ops.adapt_datetimefield_value(value)
    return line.ops.adapt_datefield_value(value) if isinstance(value, date) else value


def _make_objects(values: Sequence[Any], of: Models, line: Any) -> Iterator[Any]:
    end = 0
    for model in of:
        table, begin = _describe(model, line.vendor), end
        end = begin + len(table.names)
        part = list(values[begin:end])
        for place, column, converters in table.readers:
            for convert in converters:
                part[place] = convert(part[place], column, line)
        yield model.from_db(line.alias, table.names, part) if part[table.key] is not None else None
    yield from values[end:]


@cache
def _describe(model: type[Model], vendor: str) -> _Table:
    """`vendor` is the connection's: the conversions are different ones on the other database."""
    fields = tuple(model._meta.local_concrete_fields)
    columns = [field.get_col(model._meta.db_table) for field in fields]
    converters = (
        (place, column, (*connection.ops.get_db_converters(column), *column.get_db_converters(connection)))
        for place, column in enumerate(columns)
    )
    names = tuple(field.attname for field in fields)
    return _Table(fields, names, fields.index(model._meta.pk), tuple(each for each in converters if each[2]))


@cache
def _complete(sql: str, of: Models, vendor: str) -> str:
    columns = (f'"{m._meta.db_table}"."{f.column}"' for m in of for f in _describe(m, vendor).fields)
    lock = f'FOR UPDATE OF "{of[0]._meta.db_table}"' if connection.features.has_select_for_update else ""
    return sql.format(columns=", ".join(columns), lock=lock)


@cache
def _insert(model: type[Model], fields: Fields, count: int) -> str:
    names = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * count)
    return f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES {values}'  # noqa: S608  names of ours


@cache
def _instead(model: type[Model], vendor: str) -> str:
    key, fields = model._meta.pk, _describe(model, vendor).fields
    columns = ", ".join(f'"{f.column}" = excluded."{f.column}"' for f in fields if f is not key)
    return f' ON CONFLICT ("{key.column}") DO UPDATE SET {columns}'


@cache
def _update(model: type[Model], names: tuple[str, ...], where: tuple[str, ...]) -> str:
    written, still = ([f'"{_field(model, name).column}" = %s' for name in part] for part in (names, where))
    return f'UPDATE "{model._meta.db_table}" SET {", ".join(written)} WHERE {" AND ".join(still)}'  # noqa: S608  names of ours


def _update_each(model: type[Model], fields: Fields, written: int, count: int, same: tuple[str, ...]) -> str:
    """The last `written` of the fields are set where the others are as they were; both databases say column1 and on."""
    table = model._meta.db_table
    columns = [(f'"{field.column}"', f"each.column{place}", field) for place, field in enumerate(fields, 1)]
    typed = "CAST({} AS {})" if connection.vendor == "postgresql" else "{}"  # a list of NULLs is text there
    own = len(fields) - written
    each_its_own = [f"{n} = {typed.format(v, f.db_type(connection))}" for n, v, f in columns[own:]]
    settings = ", ".join([f'"{_field(model, name).column}" = %s' for name in same] + each_its_own)
    where = " AND ".join(f'"{table}".{name} = {value}' for name, value, _ in columns[:own])
    values = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * count)
    return f'UPDATE "{table}" SET {settings} FROM (VALUES {values}) AS each WHERE {where}'  # noqa: S608  names of ours
