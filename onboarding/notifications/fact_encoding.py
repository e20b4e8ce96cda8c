"""Facts: what an email tells, copied as plain values at the move, so that its words can be made when it is sent.

A fact is text, a whole number, true, false, None, a moment, a day, or a list or a dict of facts. In JSON a moment is
{"$moment": "2026-11-30T06:00:00+00:00"} (UTC, ISO 8601), a day {"$day": "2026-11-30"}; all others are themselves.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone

MOMENT, DAY = "$moment", "$day"


class NoSuchFact(BaseException):
    """A template reads a fact that is not there.

    Not an Exception: Django takes one in the condition of an `if` for false. rendering.py makes one of it.
    """


class Facts(dict[str, Any]):
    """Facts as templates read them: one that is not there is an error also where a template only asks for it."""

    def __missing__(self, name: str) -> Any:
        raise NoSuchFact(name)


def encode_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as JSON holds them. Raises TypeError with the name of one that is not plain, never with its value.

    Classes that only derive from a plain one are refused, too: what they are more than text, such as safe HTML, would
    be lost.
    """
    return _encode_dict("", facts)


def decode_facts(stored: Mapping[str, Any]) -> Facts:
    """The facts that `encode_facts` was given, moments in UTC."""
    return Facts({name: _decode(value) for name, value in stored.items()})


def _encode(name: str, value: Any) -> Any:
    if value is None or type(value) in (str, int, bool):
        return value
    if isinstance(value, datetime):
        if timezone.is_naive(value):
            raise TypeError(f"The fact {name} is a moment without a time zone.")
        return {MOMENT: value.astimezone(UTC).isoformat()}
    if type(value) is date:
        return {DAY: value.isoformat()}
    if type(value) is list:
        return [_encode(f"{name}.{place}", each) for place, each in enumerate(value)]
    if type(value) is dict:
        return _encode_dict(f"{name}.", value)
    raise TypeError(f"The fact {name} is not plain, but of the class {type(value).__name__}.")


def _encode_dict(above: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    for name in facts:
        if type(name) is not str or name.startswith("$"):
            raise TypeError(f"No fact can be called {above}{name}.")
    return {name: _encode(f"{above}{name}", value) for name, value in facts.items()}


def _decode(value: Any) -> Any:
    if isinstance(value, list):
        return [_decode(each) for each in value]
    if not isinstance(value, dict):
        return value
    if MOMENT in value:
        return datetime.fromisoformat(value[MOMENT])
    if DAY in value:
        return date.fromisoformat(value[DAY])
    return decode_facts(value)
