"""Queries whose SQL the ORM puts together once; from then on only the values change.

For what nearly every page asks: putting the SQL of a query together takes the ORM several times as long as the
database takes to answer it. The query stays a queryset, and Django makes the objects of the rows as ever
(docs/decisions/0012-prepared-queries.md).
"""

import copy
import inspect
import re
import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar
from uuid import UUID, uuid4

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet

from certs.rows import adapt_value

P = ParamSpec("P")
Row = TypeVar("Row")
M = TypeVar("M", bound=Model)

PLACE = re.compile("%[%s]")
PLAIN_WORD = re.compile("[a-z][a-z0-9_-]*")  # nothing that would have to be quoted
MOST_LENGTHS = 16  # of the lists of one query: each has its own text


class _Place(NamedTuple):
    """Where a value of the call goes, by its number; `wrap` is what the ORM makes of it (psycopg's Int4)."""

    number: int
    wrap: Callable[[Any], Any] | None


class _Prepared(NamedTuple):
    """A query as it is sent: its values, some of them places, and what Django knows of its columns."""

    queryset: Any
    compiler: Any
    sql: str
    values: tuple[Any, ...]
    converters: dict[int, Any]


def prepare_query(build: Callable[P, "QuerySet[M, Row]"]) -> Callable[P, list[Row]]:
    """Make of a function that builds a queryset one that answers its rows.

    `build` is called once for each kind of database and length of its lists, with values that stand for others: it must
    not decide by them, nor ask what time it is. Each argument is a `UUID`, `str`, `int`, `datetime`, `date` or a `list`
    of these, by its annotation, and stands in the SQL as it is. The order of a list and a value in it twice mean
    nothing (it is for `in`), and an empty one finds nothing.

    Raises TypeError at the first call where that does not hold: a value that the SQL does not hold as it was given, or
    a moment in it that would be the same for ever.
    """
    kinds = tuple(each.annotation for each in inspect.signature(build).parameters.values())

    @lru_cache(MOST_LENGTHS)
    def prepare(_vendor: str, lengths: tuple[int, ...]) -> _Prepared | None:
        return _prepare(build, [_stand_in(kind, length) for kind, length in zip(kinds, lengths, strict=True)])

    @wraps(build)
    def answer(*args: P.args, **named: P.kwargs) -> list[Row]:
        if named:
            raise TypeError("The values of a prepared query are given by their places.")
        values = [pad(each) if isinstance(each, list) else each for each in args]
        lengths = tuple(len(each) if isinstance(each, list) else -1 for each in values)
        prepared = prepare(connections[DEFAULT_DB_ALIAS].vendor, lengths)
        return _ask(prepared, _flatten(values)) if prepared else []

    answer.is_prepared = True  # type: ignore[attr-defined]  # so that one test finds and asks all of them
    return answer


def make_stand_ins(query: Callable[..., Any], length: int = 1) -> list[Any]:
    """Values of the kinds that a prepared query takes, which nothing has; its lists are so long."""
    kinds = [each.annotation for each in inspect.signature(query).parameters.values()]
    return [_stand_in(kind, length if hasattr(kind, "__args__") else -1) for kind in kinds]


def pad(values: list[Any]) -> list[Any]:
    """As long as the next power of two, so that there are few lengths; the last value is there several times."""
    missing = (1 << (len(values) - 1).bit_length()) - len(values) if values else 0
    return values + values[-1:] * missing


def _flatten(values: Sequence[Any]) -> list[Any]:
    return [each for value in values for each in (value if isinstance(value, list) else (value,))]


def _stand_in(kind: Any, length: int) -> Any:
    """A value of this kind that nothing else has, or a list of them."""
    if length >= 0:
        return [_stand_in(kind.__args__[0], -1) for _ in range(length)]
    makers: dict[Any, Callable[[], Any]] = {
        UUID: uuid4,
        str: lambda: secrets.token_hex(8),
        int: lambda: 2**29 + secrets.randbelow(2**29),
        datetime: lambda: datetime(2001, 1, 1, tzinfo=UTC) + timedelta(microseconds=secrets.randbelow(2**48)),
        date: lambda: date(1800, 1, 1) + timedelta(days=secrets.randbelow(40_000)),
    }
    if kind not in makers:
        raise TypeError(f"{kind} cannot be a value of a prepared query.")
    return makers[kind]()


def _prepare(build: Callable[..., Any], values: list[Any]) -> _Prepared | None:
    """None where the query finds nothing whatever the values."""
    line = connections[DEFAULT_DB_ALIAS]
    queryset = build(*values)
    compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    known = {_key(adapt_value(each, line)): number for number, each in enumerate(_flatten(values))}
    placed = tuple(_place(param, known) for param in params)
    if missing := set(known.values()) - {each.number for each in placed if isinstance(each, _Place)}:
        raise TypeError(f"{build.__name__}: the SQL does not hold value {min(missing)} as it was given.")
    if any(isinstance(param, date) for param in placed):
        raise TypeError(f"{build.__name__}: a moment in the SQL would be the same for ever.")
    columns = [column for column, *_ in compiler.select[: compiler.col_count]]
    sql, placed = _write_constants(sql, placed)
    return _Prepared(queryset, compiler, sql, placed, compiler.get_converters(columns))


def _write_constants(sql: str, values: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
    """The words that are the same in every call become part of the text, as they stand in the code.

    PostgreSQL then knows them when it makes the one plan for all calls: which partial index serves, and how many rows
    there will be. With values in their places it finds that plan too dear, and makes another one for each call, which
    takes it several times as long as the query.
    """
    rest, kept = iter(values), list[Any]()

    def write(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return found[0]
        value = next(rest)
        if isinstance(value, str) and PLAIN_WORD.fullmatch(value):
            return f"'{value!s}'"
        kept.append(value)
        return found[0]

    return PLACE.sub(write, sql), tuple(kept)


def _place(param: Any, known: dict[Any, int]) -> Any:
    """The place of a value that stands for another; what is the same in every call, as it is."""
    if _key(param) not in known:
        return param
    return _Place(known[_key(param)], type(param) if _is_wrapped(param) else None)


def _key(value: Any) -> tuple[type, str]:
    """What two values have in common that are the same; 1 is not True."""
    return (int, str(int(value))) if _is_wrapped(value) else (type(value), repr(value))


def _is_wrapped(value: Any) -> bool:
    return isinstance(value, int) and type(value) not in (int, bool)


def _fill(place: _Place, values: Sequence[Any], line: Any) -> Any:
    value = adapt_value(values[place.number], line)
    return place.wrap(value) if place.wrap else value


def _ask(prepared: _Prepared, values: Sequence[Any]) -> list[Any]:
    line = connections[DEFAULT_DB_ALIAS]
    ready = [_fill(each, values, line) if isinstance(each, _Place) else each for each in prepared.values]
    with line.cursor() as cursor:
        cursor.execute(prepared.sql, ready)
        found = cursor.fetchall()
    compiler = copy.copy(
        prepared.compiler
    )  # threads share what was prepared, and each has its own connection
    compiler.connection = line
    compiler.execute_sql = lambda *_, **__: [found]
    compiler.get_converters = lambda _: prepared.converters
    query = copy.copy(prepared.queryset.query)
    query.get_compiler = lambda *_, **__: compiler
    rows = type(prepared.queryset)(prepared.queryset.model, query, DEFAULT_DB_ALIAS)
    for name in ("_iterable_class", "_fields", "_prefetch_related_lookups", "_known_related_objects"):
        setattr(rows, name, getattr(prepared.queryset, name))
    return list(rows)
