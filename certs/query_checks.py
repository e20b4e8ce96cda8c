"""What a prepared query may not do, found by putting it together twice with other values.

Each value must stand in the SQL as it was given wherever it stands, and all the rest be the same in every call. How a
query is prepared and asked is in prepared_queries.py, which says itself what it sees in the text that it keeps.
"""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Prefetch
from django.utils.dateparse import parse_date, parse_datetime

from certs.rows import adapt_value

NEVER = 9999  # no year of a call
EMPTY = "none"  # the text of a query that finds nothing


class _Text(NamedTuple):
    """A query put together: of each value in it the number of what was given, or else what it is in words.

    `has_moment`: one of them is a moment that nobody gave.
    """

    sql: str
    values: tuple[int | str, ...]
    has_moment: bool


def refuse_hidden_values(build: Callable[..., Any], args: Sequence[Any]) -> None:
    """Raise TypeError where values of a call would stay those of the first one, or a moment would stay.

    `args` are any that `build` takes. What it may decide by (a bool, an enum, None, the length of a list) is kept.
    """
    (first, others), (second, others_again) = (_put_together(build, args, turn) for turn in (1, 2))
    if first != second:
        raise TypeError(f"{build.__name__}: the SQL goes by a value, or holds it also in another form.")
    if others != others_again or any(isinstance(each, int) for text in others for each in text.values):
        raise TypeError(f"{build.__name__}: a value in what is prefetched would be the same for ever.")
    if any(text.has_moment for text in (first, *others)):
        raise TypeError(f"{build.__name__}: a moment in the SQL would be the same for ever.")


def _put_together(build: Callable[..., Any], args: Sequence[Any], turn: int) -> tuple[_Text, list[_Text]]:
    """The query with values of this turn, and the further ones by which it prefetches."""
    varied = [_vary(each, turn) for each in args]
    line = connections[DEFAULT_DB_ALIAS]
    given = [adapt_value(each, line) for each in _flatten(varied)]
    queryset = build(*varied)
    return _read_text(queryset, given), [_read_text(each, given) for each in _list_prefetched(queryset)]


def _read_text(queryset: Any, given: list[Any]) -> _Text:
    try:
        sql, params = queryset.all().query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    except EmptyResultSet:
        return _Text(EMPTY, (), has_moment=False)
    line = connections[DEFAULT_DB_ALIAS]
    values = tuple(given.index(each) if each in given else repr(each) for each in params)
    return _Text(sql, values, any(_is_moment(each, line) for each in params if each not in given))


def _list_prefetched(queryset: Any) -> Iterator[Any]:
    for lookup in queryset._prefetch_related_lookups:
        if isinstance(lookup, Prefetch) and lookup.queryset is not None:
            yield lookup.queryset
            yield from _list_prefetched(lookup.queryset)


def _flatten(value: Any) -> Iterator[Any]:
    """What of it can stand in the SQL."""
    if isinstance(value, list):
        for each in value:
            yield from _flatten(each)
    elif is_dataclass(value):
        yield from _flatten([getattr(value, field.name) for field in fields(value)])
    elif value is not None and not isinstance(value, bool | Enum):
        yield value


def _vary(value: Any, turn: int) -> Any:
    """Another value of its kind that nothing else has, in no part like that of the other turn."""
    if isinstance(value, list):
        return [_vary(each, turn) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{each.name: _vary(getattr(value, each.name), turn) for each in fields(value)})
    if value is None or isinstance(value, bool | Enum):
        return value
    makers: dict[type, Callable[[], Any]] = {
        UUID: uuid4,
        # What a pattern would have to escape, and what could be folded or cut off.
        str: lambda: f" Zz%_\\'{secrets.token_hex(8 + turn)} ",
        int: lambda: 2**28 * (2 + turn) + secrets.randbelow(2**28),
        datetime: lambda: (
            datetime(2000 + turn, turn, turn, turn, turn, tzinfo=UTC)
            + timedelta(microseconds=secrets.randbelow(2**32))
        ),
        date: lambda: date(1800 + 50 * turn, 1, 1) + timedelta(days=secrets.randbelow(18_000)),
    }
    return makers[type(value)]()


def _is_moment(param: Any, line: Any) -> bool:
    """Whether it is one of the time of the call; SQLite is given them as text."""
    found = param
    if line.vendor == "sqlite" and isinstance(param, str):
        with suppress(ValueError):
            found = parse_datetime(param) or parse_date(param)
    return isinstance(found, date) and found.year < NEVER
