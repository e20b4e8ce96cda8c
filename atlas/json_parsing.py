"""Turns bytes from the wire into checked values, or raises Unexpected and nothing else.
Not here: what a policy or an account looks like; policy_types and account_types say that in terms of json_fields.
"""

import json
import re
from collections.abc import Hashable, Iterator
from functools import cache
from typing import Annotated, Any, NoReturn, TypeVar, cast, get_origin

from pydantic import FailFast, TypeAdapter, ValidationError

from atlas.errors import Unexpected
from atlas.redaction import shorten

T = TypeVar("T")
MAX_DEPTH = 32
MAX_FAULTS = 1000  # to write down all that a hostile answer can hold would take seconds
_BRACKETS = (b"{", b"[")
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


def parse_json(body: bytes) -> object:
    """Strict JSON: UTF-8, finite numbers, at most 32 levels deep, text that can be written down again."""
    try:
        value: object = _DECODER.decode(body.decode("utf-8"))
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


_DECODER = json.JSONDecoder(parse_constant=_not_finite, parse_float=_finite)


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


def parse_as(kind: type[T], body: bytes, secrets: tuple[str, ...] = ()) -> T:
    """What `body` says, as a `kind`: a record, or a tuple of records. Members that `kind` lacks are passed over.

    A member that is missing, or is not of its kind, is Unexpected; `secrets` are kept out of that sentence.
    """
    parse_json(body)  # the limits come first: pydantic has others
    try:
        record: T = _adapter(cast(Hashable, kind)).validate_json(body, strict=True)
    except ValidationError as error:
        seen = _describe(error, secrets)
    else:
        return record
    # Outside of the clause above: an error that came with pydantic's would carry the whole answer along.
    raise Unexpected(seen)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    # Of a list only the first fault is looked for.
    return TypeAdapter(Annotated[kind, FailFast()] if get_origin(kind) is tuple else kind)


def _describe(faults: ValidationError, secrets: tuple[str, ...]) -> str:
    """One sentence about the first fault; it names types, and a value only where a word of a list was due."""
    if faults.error_count() > MAX_FAULTS:
        return f"{faults.error_count()} faults"
    first = faults.errors(include_url=False)[0]
    place, value, due = _path(first["loc"], secrets), first["input"], first["msg"]
    if first["type"] == "missing":
        return f"{place} is missing"
    if first["type"] == "enum" and isinstance(value, str):
        return f"{place}: unknown value {shorten(value, 60, secrets)!r}"
    return f"{place}: {due[0].lower()}{due[1:]}; {type(value).__name__} came"


def _path(parts: tuple[int | str, ...], secrets: tuple[str, ...]) -> str:
    """Where in the answer; what a type has gathered under a name of its own is left out (see json_fields)."""
    named = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts if str(part)[:1] != "<")
    place = shorten("".join(named).removeprefix("."), 200, secrets)
    return f"field {place}" if place else "answer"
