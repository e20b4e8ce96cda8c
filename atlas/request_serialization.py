"""Writes a certificate request down as HVCA wants it: without anything that is empty.
Not here: what the parts are, see request_types.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

from atlas.request_types import CertificateRequest

_EMPTY: tuple[object, ...] = (None, "", [], {})


def serialize_request(request: CertificateRequest) -> dict[str, Any]:
    """The body of POST /certificates. What is empty is left out: a STATIC field must not be sent at all.

    `subject_dn` stays even if it is empty, for HVCA API document 2.1 requires it. Raises ValueError for a time
    without a zone: it would be read in the zone of this machine.
    """
    parts = _plain(request)
    times = {"not_before": request.not_before, "not_after": request.not_after}
    for name in times:
        parts.pop(name, None)
    validity = {name: _unix(moment) for name, moment in times.items() if moment is not None}
    return {"validity": validity, "subject_dn": {}} | parts


def serialize_signature(signature: object) -> dict[str, Any]:
    """The object `signature` of a request; empty if nothing is asked for."""
    return _plain(signature)


def _plain(record: Any) -> dict[str, Any]:
    values = {each.name: _value(getattr(record, each.name)) for each in fields(record)}
    return {name: value for name, value in values.items() if value not in _EMPTY}


def _value(value: object) -> object:
    if is_dataclass(value):
        return _plain(value)
    if isinstance(value, tuple):
        return [_value(item) for item in value]
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return dict(value) if isinstance(value, Mapping) else value


def _unix(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError("A time needs its zone, best UTC.")
    return int(moment.timestamp())
