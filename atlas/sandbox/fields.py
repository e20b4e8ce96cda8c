"""Checks of the fields that a caller of the account API or a person on a page sends. What they mean lives elsewhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from atlas.sandbox.problems import Refusal

Check = Callable[[object], Any]


class Wrong(Exception):
    """A value is refused; the message is the reason."""


class WrongFields(Exception):
    """Several values are refused: JSON path and reason."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = dict(errors)


@dataclass(frozen=True)
class Field:
    """How one member is checked, and whether it may be missing."""

    check: Check
    required: bool = True


def read(body: object, fields: Mapping[str, Field]) -> dict[str, Any]:
    """The checked members; a missing optional one is None. Raises Refusal 400 or 422 naming every wrong field."""
    if not isinstance(body, dict):
        raise Refusal(400, "Bad Request")
    try:
        return members(body, fields)
    except WrongFields as wrong:
        path, reason = next(iter(wrong.errors.items()))
        raise Refusal(422, f"{path}: {reason}", errors=wrong.errors) from None


def members(body: Mapping[str, object], fields: Mapping[str, Field]) -> dict[str, Any]:
    """As `read`, for an object inside another."""
    errors: dict[str, str] = {}
    values: dict[str, Any] = {}
    for name, field in fields.items():
        try:
            values[name] = _member(body, name, field)
        except Wrong as wrong:
            errors[name] = str(wrong)
        except WrongFields as wrong:
            errors.update({f"{name}.{path}": reason for path, reason in wrong.errors.items()})
    errors.update({printable(name): "is unknown" for name in body if name not in fields})
    if errors:
        raise WrongFields(errors)
    return values


def printable(name: str) -> str:
    """A member name as it may be shown in an answer."""
    return name[:64].encode("ascii", "replace").decode()


def _member(body: Mapping[str, object], name: str, field: Field) -> Any:
    if name in body:
        return field.check(body[name])
    if field.required:
        raise Wrong("is required")
    return None


def text(low: int = 1, high: int = 200, pattern: str = "", *, lines: bool = False) -> Check:
    """A text of `low` to `high` characters, white space around it cut off; line ends only if `lines`."""
    wanted = re.compile(pattern or ".*", re.DOTALL)

    def check(value: object) -> str:
        if not isinstance(value, str):
            raise Wrong("invalid value")
        cut = value.strip()
        if len(cut) < low:
            raise Wrong("invalid value" if cut else "is required")
        if len(cut) > high or not clean(cut, lines=lines) or not wanted.fullmatch(cut):
            raise Wrong("invalid value")
        return cut

    return check


def clean(value: str, *, lines: bool = False) -> bool:
    """No control characters, no lone surrogates, nothing that cannot be encoded or shown."""
    allowed = "\r\n\t" if lines else ""
    return all(unicodedata.category(c) not in ("Cc", "Cs") or c in allowed for c in value)


def maybe(check: Check) -> Check:
    """null and the empty text are None."""
    return lambda value: None if value is None or value == "" else check(value)


def password(value: object) -> str:
    """8 to 200 characters, taken as they are."""
    if not isinstance(value, str) or not 8 <= len(value) <= 200 or not clean(value):
        raise Wrong("invalid value")
    return value


def one_of(*choices: str) -> Check:
    """Exactly one of these words."""

    def check(value: object) -> str:
        if not isinstance(value, str) or value not in choices:
            raise Wrong("invalid value")
        return value

    return check


def true(value: object) -> bool:
    """true and nothing else."""
    if value is not True:
        raise Wrong("must be true")
    return True


def some(check: Check, most: int) -> Check:
    """A list of 1 to `most` different values."""

    def check_all(value: object) -> list[Any]:
        if not isinstance(value, list) or not 1 <= len(value) <= most:
            raise Wrong("invalid value")
        values = [check(item) for item in value]
        if len(set(values)) < len(values):
            raise Wrong("invalid value")
        return values

    return check_all


def nested(fields: Mapping[str, Field]) -> Check:
    """An object with these members."""

    def check(value: object) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Wrong("invalid value")
        return members(value, fields)

    return check


def required(checks: Mapping[str, Check]) -> dict[str, Field]:
    """All of these are required."""
    return {name: Field(check) for name, check in checks.items()}


def in_order(values: Sequence[str], order: Sequence[str]) -> list[str]:
    """The values in the order of the table."""
    return [item for item in order if item in values]


EMAIL = text(3, 254, r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]+")
PHONE = text(5, 32, r"[+(0-9][0-9 ()./x-]{4,31}")
COUNTRY = text(2, 2, r"[A-Z]{2}")
