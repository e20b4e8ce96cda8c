"""Queries whose SQL the ORM puts together once; from then on only the values change.

For what nearly every page asks: putting the SQL of a query together takes the ORM several times as long as the
database takes to answer it. The query stays a queryset, and Django makes the objects of the rows as ever
(docs/decisions/0012-prepared-queries.md). What such a query may be called with is in query_arguments.py.
"""

import copy
import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import date
from functools import cache, lru_cache, wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from psycopg.sql import Literal
from psycopg.types.json import Jsonb

from certs.query_arguments import Argument, gather, list_arguments, list_given, list_values
from certs.query_checks import NEVER, refuse_hidden_values
from certs.rows import adapt_value

P = ParamSpec("P")
Row = TypeVar("Row")
M = TypeVar("M", bound=Model)

MOST_SHAPES = 128  # of the arguments of one query: each has its own text


class _Place(NamedTuple):
    """Where a value of the call goes, by its number; `wrap` is what the ORM makes of it (psycopg's Int4)."""

    number: int
    wrap: Callable[[Any], Any] | None


class _Prepared(NamedTuple):
    """A query as it is sent: its values, some of them places, and what Django knows of its columns.

    `keeps_plan`: whether PostgreSQL may keep how it answers it.
    """

    queryset: Any
    compiler: Any
    sql: str
    values: tuple[Any, ...]
    converters: dict[int, Any]
    keeps_plan: bool


def prepare_query(build: Callable[P, "QuerySet[M, Row]"]) -> Callable[P, list[Row]]:
    """Make of a function that builds a queryset one that answers its rows.

    `build` is called at the first call for each kind of database and shape of the arguments, with values that stand for
    others: it must not decide by them, nor ask what time it is. Each argument is a `UUID`, `str`, `int`, `datetime`,
    `date` or a `list` of these, by its annotation, and stands in the SQL as it is. The order of a list and a value in
    it twice mean nothing (it is for `in`), and an empty one finds nothing where `build` does not leave it out.

    What `build` may decide by, as each has an SQL of its own: arguments that are an enum or a `bool`, and whether one
    that may be None is. A frozen dataclass stands for one argument of each of its fields.

    Raises TypeError at the first call where that does not hold: a value that the SQL does not hold as it was given, or
    a moment in it that would be the same for ever; neither may be in what is prefetched (query_checks.py).
    """
    return _make_query(build, keeps_plan=True)


def prepare_filters(build: Callable[P, "QuerySet[M, Row]"]) -> Callable[P, list[Row]]:
    """The same for a query whose best plan is another one for other values: PostgreSQL plans it for each call.

    It would keep a plan for all values after some calls, which it believes to be cheap where it knows none of them.
    """
    return _make_query(build, keeps_plan=False)


def _make_query(build: Callable[P, "QuerySet[M, Row]"], keeps_plan: bool) -> Callable[P, list[Row]]:
    kinds = tuple(each.annotation for each in inspect.signature(build).parameters.values())

    @cache
    def read_arguments() -> tuple[Argument, ...]:
        return tuple(argument for kind in kinds for argument in list_arguments(kind))

    @lru_cache(MOST_SHAPES)
    def prepare(_vendor: str, shape: tuple[Any, ...]) -> _Prepared | None:
        arguments = read_arguments()
        given = [each.make_stand_in(part) for each, part in zip(arguments, shape, strict=True)]
        return _prepare(build, gather(kinds, iter(given)), list_values(arguments, given), keeps_plan)

    @wraps(build)
    def answer(*args: P.args, **named: P.kwargs) -> list[Row]:
        if named:
            raise TypeError("The values of a prepared query are given by their places.")
        arguments, given = read_arguments(), list(list_given(args))
        shape = tuple(each.describe_shape(value) for each, value in zip(arguments, given, strict=True))
        prepared = prepare(connections[DEFAULT_DB_ALIAS].vendor, shape)
        return _ask(prepared, list_values(arguments, given)) if prepared else []

    answer.is_prepared = True  # type: ignore[attr-defined]  # so that one test finds and asks all of them
    return answer


def make_stand_ins(query: Callable[..., Any], length: int = 1) -> list[Any]:
    """Values of the kinds that a prepared query takes, which nothing has; its lists are so long."""
    kinds = [each.annotation for each in inspect.signature(query).parameters.values()]
    arguments = [argument for kind in kinds for argument in list_arguments(kind)]
    return gather(kinds, (each.make_stand_in(each.make_sample_shape(length)) for each in arguments))


def _prepare(
    build: Callable[..., Any], args: list[Any], values: list[Any], keeps_plan: bool
) -> _Prepared | None:
    """None where the query finds nothing whatever the values."""
    line = connections[DEFAULT_DB_ALIAS]
    queryset = build(*args)
    compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    known = {_key(adapt_value(each, line)): number for number, each in enumerate(values)}
    placed = tuple(_place(param, known) for param in params)
    if missing := set(known.values()) - {each.number for each in placed if isinstance(each, _Place)}:
        raise TypeError(f"{build.__name__}: the SQL does not hold value {min(missing)} as it was given.")
    if any(isinstance(param, date) and param.year < NEVER for param in placed):
        raise TypeError(f"{build.__name__}: a moment in the SQL would be the same for ever.")
    refuse_hidden_values(build, args)
    if line.vendor == "postgresql":
        sql, placed = _write_constants(sql, placed, line)
    columns = [column for column, *_ in compiler.select[: compiler.col_count]]
    return _Prepared(
        queryset, compiler, sql, placed, compiler.get_converters(columns), keeps_plan or not placed
    )


def _write_constants(sql: str, placed: Sequence[Any], line: Any) -> tuple[str, tuple[Any, ...]]:
    """With what is the same in every call in the text: only so can a plan that PostgreSQL keeps go by it."""
    first, *others = sql.split("%s")
    if len(others) != len(placed):
        return sql, tuple(placed)  # a text of its own has these letters
    written, places = first, []
    for param, text in zip(placed, others, strict=True):
        if isinstance(param, _Place | Jsonb):
            places.append(param)
            written += f"%s{text}"
        else:
            written += Literal(param).as_string(line.connection).replace("%", "%%") + text
    return written, tuple(places)


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
    with line.cursor() as cursor, nullcontext() if prepared.keeps_plan else _planning_anew(line):
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


@contextmanager
def _planning_anew(line: Any) -> Iterator[None]:
    """What is sent meanwhile is not kept as a prepared statement of the connection."""
    if line.vendor != "postgresql":
        yield
        return
    threshold = line.connection.prepare_threshold
    line.connection.prepare_threshold = None
    try:
        yield
    finally:
        line.connection.prepare_threshold = threshold
