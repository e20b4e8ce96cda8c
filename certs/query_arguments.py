"""What a prepared query is called with, by the annotations of its function: values, lists of them, and choices.

How a query is put together once for each shape of its arguments is in prepared_queries.py.
"""

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from types import NoneType, UnionType
from typing import Any, NamedTuple, get_args, get_origin
from uuid import UUID, uuid4

STAND_INS: dict[Any, Callable[[], Any]] = {
    UUID: uuid4,
    str: lambda: secrets.token_hex(8),
    int: lambda: 2**29 + secrets.randbelow(2**29),
    datetime: lambda: datetime(2001, 1, 1, tzinfo=UTC) + timedelta(microseconds=secrets.randbelow(2**48)),
    date: lambda: date(1800, 1, 1) + timedelta(days=secrets.randbelow(40_000)),
}
"""The kinds of values, and how to make one that nothing else has."""


class Argument(NamedTuple):
    """One value of a call. A choice is not in the SQL, which goes by it."""

    kind: Any
    is_choice: bool = False
    is_list: bool = False
    is_optional: bool = False

    def describe_shape(self, value: Any) -> Any:
        """What the SQL goes by: a choice as it is, the length of a list, and whether there is a value at all."""
        if self.is_choice or value is None:
            return value
        return len(value) if self.is_list else 1

    def make_stand_in(self, shape: Any) -> Any:
        """A value of this shape that nothing else has; a choice as it is."""
        if self.is_choice or shape is None:
            return shape
        make = STAND_INS[self.kind]
        return [make() for _ in range(shape)] if self.is_list else make()

    def make_sample_shape(self, length: int) -> Any:
        """Of the simplest call, whose lists have this length."""
        if self.is_optional:
            return None
        if self.is_choice:
            return False if self.kind is bool else next(iter(self.kind))
        return length if self.is_list else 1


def list_arguments(kind: Any) -> Iterator[Argument]:
    """Those of one annotation; of a dataclass its fields. Raises TypeError for what cannot be one."""
    if is_dataclass(kind):
        for field in fields(kind):
            yield from list_arguments(field.type)
        return
    options = get_args(kind) if isinstance(kind, UnionType) else (kind,)
    named = [each for each in options if each is not NoneType]
    is_list = get_origin(named[0]) is list
    plain = get_args(named[0])[0] if is_list else named[0]
    is_choice = plain is bool or (isinstance(plain, type) and issubclass(plain, Enum))
    if len(named) > 1 or (plain not in STAND_INS and (is_list or not is_choice)):
        raise TypeError(f"{kind} cannot be a value of a prepared query.")
    yield Argument(plain, is_choice, is_list, NoneType in options)


def list_given(args: Sequence[Any]) -> Iterator[Any]:
    """The value of each argument; lists are padded."""
    for each in args:
        if isinstance(each, list):
            yield pad(each)
        elif is_dataclass(each):
            yield from list_given([getattr(each, field.name) for field in fields(each)])
        else:
            yield each


def list_values(arguments: Sequence[Argument], given: Sequence[Any]) -> list[Any]:
    """Those that the SQL holds, in order."""
    found: list[Any] = []
    for argument, value in zip(arguments, given, strict=True):
        if argument.is_list:
            found += value or ()
        elif not argument.is_choice and value is not None:
            found.append(value)
    return found


def gather(kinds: Sequence[Any], given: Iterator[Any]) -> list[Any]:
    """What the function takes, of the values of all arguments."""
    return [_gather_fields(kind, given) if is_dataclass(kind) else next(given) for kind in kinds]


def _gather_fields(kind: Any, given: Iterator[Any]) -> Any:
    return kind(*gather([field.type for field in fields(kind)], given))


def pad(values: list[Any]) -> list[Any]:
    """As long as the next power of two, so that there are few lengths; the last value is there several times."""
    missing = (1 << (len(values) - 1).bit_length()) - len(values) if values else 0
    return values + values[-1:] * missing
