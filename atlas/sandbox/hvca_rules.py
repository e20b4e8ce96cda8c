"""One value of a certificate request under one rule of a validation policy: the value to use, or the refusal.

Texts as in the HVCA API document 2.1: `<json path>: <reason>`. Which rule belongs where is said in hvca_subject.py,
hvca_extensions.py and hvca_request.py.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from atlas.sandbox import der
from atlas.sandbox.fields import clean
from atlas.sandbox.problems import Refusal, invalid

Json = dict[str, Any]
Fits = Callable[[str], bool]
_MUST_NOT = {"STATIC": "is static", "FORBIDDEN": "is forbidden"}
_LONGEST = 8192
_TYPES = {
    "IA5STRING": re.compile(r"[ -~]*"),
    "PRINTABLESTRING": re.compile(r"[A-Za-z0-9 '()+,./:=?-]*"),
    "UTF8STRING": re.compile(r"(?s:.*)"),
    "INTEGER": re.compile(r"-?[0-9]{1,40}", re.ASCII),
    "DER": re.compile(r"([0-9A-Fa-f]{2})+"),
}


def malformed() -> Refusal:
    """The body is not a certificate request at all."""
    return Refusal(400, "Invalid certificate issuance request")


def block(body: Json, name: str) -> Json:
    """A member that is an object; an absent one is empty. Raises Refusal 400."""
    found = body.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise malformed()
    return found


def may_be_sent(path: str, presence: str | None, sent: bool) -> None:
    """Raises Refusal 422 for a value that must be sent and is not, or is sent and must not be."""
    if not sent:
        if presence == "REQUIRED":
            raise invalid(path, "is required")
    elif presence is None or presence in _MUST_NOT:
        raise invalid(path, _MUST_NOT.get(presence or "FORBIDDEN", ""))


def text(path: str, rule: Json | None, value: object) -> str | None:
    """A text under {presence, format}; the format is a regular expression, or the value itself when STATIC."""
    rule = rule or {"presence": None, "format": ""}
    if not isinstance(value, str | None):
        raise malformed()
    may_be_sent(path, rule["presence"], bool(value))
    if not value:
        return rule["format"] if rule["presence"] == "STATIC" else None
    if not matches(rule["format"], value):
        raise invalid(path)
    return value


def matches(pattern: str, value: str) -> bool:
    """Whether the whole value matches and can be encoded and shown."""
    return len(value) <= _LONGEST and clean(value) and re.fullmatch(pattern, value) is not None


def is_expression(value_format: str) -> bool:
    """Whether a static rule gives an expression where its value is due, as the example of document 2.1 does."""
    return value_format.startswith("^") and value_format.endswith("$")


def flag(path: str, rule: str | None, value: object) -> bool:
    """true or false under OPTIONAL, STATIC_TRUE or STATIC_FALSE."""
    if value is None:
        return rule == "STATIC_TRUE"
    if type(value) is not bool:
        raise malformed()
    if rule != "OPTIONAL":
        raise invalid(path, "is static" if rule else "is forbidden")
    return value


def number(path: str, rule: Json | None, value: object) -> int | None:
    """A whole number under {presence, min, max}; a static one is `min`."""
    rule = rule or {"presence": None}
    if value is not None and type(value) is not int:
        raise malformed()
    may_be_sent(path, rule["presence"], value is not None)
    if value is None:
        return rule.get("min") if rule["presence"] == "STATIC" else None
    if not rule.get("min", 0) <= value <= rule.get("max", 0):
        raise invalid(path)
    return value


def texts(path: str, rule: Json | None, values: object, fits: Fits | None = None) -> list[str]:
    """Texts under {static, list, mincount, maxcount}; by default each must match one of the expressions."""
    values = [] if values is None else values
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise malformed()
    rule = rule or {"static": False, "list": [], "mincount": 0, "maxcount": 0}
    counted(path, rule, len(values))
    if rule.get("static"):
        return list(rule["list"])
    listed = rule.get("list") or []
    fit = fits or (lambda value: any(matches(pattern, value) for pattern in listed))
    if not all(len(value) <= _LONGEST and clean(value) and fit(value) for value in values):
        raise invalid(path)
    return values


def counted(path: str, rule: Json, sent: int) -> None:
    """Raises Refusal 422 unless so many values may be sent."""
    if sent and rule.get("static"):
        raise invalid(path, "is static")
    if sent and not rule["maxcount"]:
        raise invalid(path, "is forbidden")
    if not sent and rule["mincount"] and not rule.get("static"):
        raise invalid(path, "is required")
    if sent and not rule["mincount"] <= sent <= rule["maxcount"]:
        raise invalid(path)


def attributes(path: str, rules: Json | None, values: object) -> list[tuple[str, str, str | None]]:
    """Values with OIDs, counted for each OID by itself: (OID, value_type, value)."""
    rules, values = rules or {}, values or []
    if not isinstance(values, list) or not all(_is_attribute(value) for value in values):
        raise malformed()
    counts = Counter(value["type"] for value in values)
    if not set(counts) <= set(rules):
        raise invalid(path, "is forbidden")
    for oid, rule in rules.items():
        counted(path, rule, counts[oid])
    sent = [(value["type"], value.get("value")) for value in values]
    for oid, value in sent:
        if not has_type(
            rules[oid].get("value_type", "UTF8STRING"), rules[oid].get("value_format") or "", value
        ):
            raise invalid(path)
    static = [(oid, rule["value_format"]) for oid, rule in rules.items() if rule.get("static")]
    return [(oid, rules[oid].get("value_type", "UTF8STRING"), value) for oid, value in [*static, *sent]]


def _is_attribute(value: object) -> bool:
    return (
        isinstance(value, dict)
        and set(value) <= {"type", "value"}
        and isinstance(value.get("type"), str)
        and isinstance(value.get("value"), str | None)
    )


def has_type(kind: str, pattern: str, value: str | None) -> bool:
    """Whether a value can become this ASN.1 type, and matches the expression if there is one."""
    if kind == "NIL":
        return value in (None, "", "NIL")
    if not value or len(value) > _LONGEST or not clean(value) or not _TYPES[kind].fullmatch(value):
        return False
    try:
        der.typed(kind, value)
    except ValueError:
        return False
    return not pattern or matches(pattern, value)
