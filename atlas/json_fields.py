"""Turns bytes from the wire into checked values, or raises Unexpected and nothing else.
Not here: what a policy or an account looks like; hvca_parsing and account_parsing know that.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import NoReturn, TypeVar

from atlas.errors import Unexpected
from atlas.redaction import shorten

E = TypeVar("E", bound=Enum)

MAX_DEPTH = 32
LATEST_MOMENT = 253_402_300_799  # 9999-12-31T23:59:59Z, the last second a datetime can hold
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", re.ASCII)
_BRACKETS = (b"{", b"[")
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


def parse_json(body: bytes) -> object:
    """Strict JSON: UTF-8, finite numbers, at most 32 levels deep, text that can be written down again."""
    try:
        value: object = json.loads(body.decode("utf-8"), parse_constant=_not_finite, parse_float=_finite)
    except (ValueError, RecursionError):
        pass
    else:
        _check_depth(value, body)
        if b"\\u" in body:  # only an escape can spell what UTF-8 cannot
            _check_text(value)
        return value
    raise Unexpected(f"not JSON: {shorten(body[:4000].decode('utf-8', 'replace'), 120)}")


def _not_finite(name: str) -> NoReturn:
    raise ValueError(name)


def _finite(digits: str) -> float:
    number = float(digits)
    if number - number != 0:  # infinity and not-a-number alone answer otherwise
        raise ValueError("out of range")
    return number


def _check_depth(value: object, body: bytes) -> None:
    if sum(map(body.count, _BRACKETS)) <= MAX_DEPTH:  # so few cannot nest deeply: most answers end here
        return
    for depth, level in enumerate(_levels(value)):
        if depth >= MAX_DEPTH and any(isinstance(inner, dict | list) for inner in level):
            raise Unexpected(f"JSON nested deeper than {MAX_DEPTH} levels")


def _check_text(value: object) -> None:
    # A lone surrogate cannot be encoded again and PostgreSQL stores no NUL: both would fail far from here.
    for level in _levels(value):
        if any(isinstance(inner, str) and _UNWRITABLE.search(inner) for inner in level):
            raise Unexpected("text with characters that no text may hold")


def _levels(root: object) -> Iterator[list[object]]:
    """A tree level by level, keys included; not by recursion, for the tree is what we do not trust."""
    level = [root]
    while level:
        yield level
        below: list[object] = []
        for value in level:
            if isinstance(value, dict):
                below += value.keys()
                below += value.values()
            elif isinstance(value, list):
                below += value
        level = below


@dataclass(frozen=True, slots=True)
class Fields:
    """One JSON object and where in the answer it stands. Every method raises Unexpected on a wrong type."""

    values: Mapping[str, object]
    path: str = ""

    def mismatch(self, name: str, due: str) -> Unexpected:
        """The error for one field; it names types, never the value."""
        seen = type(self.values[name]).__name__ if name in self.values else "nothing"
        return Unexpected(f"field {self.path}{name}: {due} was due, {seen} came")

    def text(self, name: str, pattern: str = "", limit: int = 20_000) -> str:
        """A string of at most `limit` characters that matches all of `pattern`, if one is given."""
        value = self.values.get(name)
        if not isinstance(value, str) or len(value) > limit:
            raise self.mismatch(name, "text")
        if pattern and not re.fullmatch(pattern, value, re.ASCII):
            raise self.mismatch(name, f"text like {pattern}")
        return value

    def text_or_none(self, name: str) -> str | None:
        """A string; None if the field is absent or null."""
        return None if self.values.get(name) is None else self.text(name)

    def integer(self, name: str, highest: int = 2**53 - 1) -> int:
        """A whole number from 0 to `highest`; true and false are not numbers here."""
        value = self.values.get(name)
        if type(value) is not int or not 0 <= value <= highest:
            raise self.mismatch(name, f"a whole number up to {highest}")
        return value

    def integers(self, name: str, highest: int = 2**53 - 1) -> tuple[int, ...]:
        """A list of whole numbers from 0 to `highest`."""
        values = self._list(name)
        found = tuple(value for value in values if type(value) is int and 0 <= value <= highest)
        if len(found) != len(values):
            raise self.mismatch(name, "a list of whole numbers")
        return found

    def texts(self, name: str, pattern: str = r"(?s:.*)") -> tuple[str, ...]:
        """A list of strings, each of which matches all of `pattern`."""
        values = self._list(name)
        fits = re.compile(pattern, re.ASCII).fullmatch
        found = tuple(value for value in values if isinstance(value, str) and fits(value))
        if len(found) != len(values):
            raise self.mismatch(name, "a list of texts")
        return found

    def unix_time(self, name: str) -> datetime:
        """Unix seconds as an aware UTC datetime (HVCA API document 2.1: all times are such)."""
        return datetime.fromtimestamp(self.integer(name, LATEST_MOMENT), UTC)

    def iso_time(self, name: str) -> datetime:
        """ISO 8601 in UTC with the letter Z (account API) as an aware datetime."""
        value = self.text(name, limit=40)
        if _ISO.fullmatch(value):
            try:
                return datetime.fromisoformat(value)
            except ValueError:
                pass
        raise self.mismatch(name, "a UTC time")

    def iso_time_or_none(self, name: str) -> datetime | None:
        """As `iso_time`; None if the field is absent or null."""
        return None if self.values.get(name) is None else self.iso_time(name)

    def choice(self, name: str, kind: type[E]) -> E:
        """One of the members of `kind`; a value that we do not know is Unexpected, never guessed at."""
        return parse_enum(self.text(name), kind, f"{self.path}{name}")

    def nested(self, name: str) -> "Fields":
        """The JSON object in a field."""
        return as_fields(self.values.get(name), f"{self.path}{name}")

    def _list(self, name: str) -> list[object]:
        value = self.values.get(name)
        if not isinstance(value, list):
            raise self.mismatch(name, "a list")
        return value


def parse_enum(value: str, kind: type[E], path: str) -> E:
    """The member of `kind` with this value, or Unexpected."""
    try:
        return kind(value)
    except ValueError:
        pass
    raise Unexpected(f"field {path}: unknown value {shorten(value, 60)!r}")


def as_fields(value: object, path: str = "") -> Fields:
    """A JSON object as Fields; `path` is its place in the answer."""
    if not isinstance(value, dict):
        raise Unexpected(f"{path or 'answer'}: an object was due, {type(value).__name__} came")
    return Fields(value, f"{path}." if path else "")


def as_fields_list(value: object, path: str = "") -> tuple[Fields, ...]:
    """A JSON list of objects."""
    if not isinstance(value, list):
        raise Unexpected(f"{path or 'answer'}: a list was due, {type(value).__name__} came")
    return tuple(as_fields(item, f"{path}[{place}]") for place, item in enumerate(value))
