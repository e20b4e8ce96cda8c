"""How one value stands to one rule of a validation policy, in HVCA's own words (HVCA API document 2.1).
Not here: which rule belongs to which part of a request; policy_check knows that.
"""

import binascii
import ipaddress
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from atlas.policy_types import (
    AttributePolicy,
    Flag,
    ListPolicy,
    NumberPolicy,
    Presence,
    StringPolicy,
    ValueType,
)


class Reason(StrEnum):
    """Why HVCA would refuse a value, in its words."""

    INVALID = "invalid value"
    REQUIRED = "is required"
    FORBIDDEN = "is forbidden"
    STATIC = "is static"
    KEY_ENCODING = "invalid encoding"
    KEY_SIGNATURE = "invalid signature"
    KEY_TYPE = "unsupported key type"
    KEY_LENGTH = "unsupported key length"


_MUST_NOT = {Presence.STATIC: Reason.STATIC, Presence.FORBIDDEN: Reason.FORBIDDEN}
_OID = re.compile(r"([0-9]{1,9}\.){0,63}[0-9]+", re.ASCII)
_HOST = re.compile(
    r"(\*\.)?([a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?",
    re.ASCII | re.IGNORECASE,
)
_TEXTS = {
    ValueType.IA5STRING: re.compile(r"[ -~]*"),
    ValueType.PRINTABLESTRING: re.compile(r"[A-Za-z0-9 '()+,./:=?-]*"),
    ValueType.UTF8STRING: re.compile(r"(?s:.*)"),
    ValueType.INTEGER: re.compile(r"-?[0-9]{1,40}"),
}


@dataclass(frozen=True, slots=True)
class PolicyViolation:
    """Where in the request (`path`, as in its JSON) and why. As text it is HVCA's own description.

    `detail` is what HVCA adds to some reasons: the key type that the policy wants.
    """

    path: str
    reason: Reason
    detail: str = ""

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.path, self.reason, self.detail)))


Violations = Iterator[PolicyViolation]
Fits = Callable[[Any], bool]


def check_value(path: str, presence: Presence | None, value: Any, fits: Fits) -> Violations:
    """One value; None is one that is not sent. No presence at all: the policy has no such field."""
    if value is None:
        if presence == Presence.REQUIRED:
            yield PolicyViolation(path, Reason.REQUIRED)
    elif presence is None:
        yield PolicyViolation(path, Reason.FORBIDDEN)
    elif presence in _MUST_NOT:
        yield PolicyViolation(path, _MUST_NOT[presence])
    elif not fits(value):
        yield PolicyViolation(path, Reason.INVALID)


def check_text(path: str, rule: StringPolicy | None, value: Any) -> Violations:
    """A text under {presence, format}."""
    if rule is None:
        return check_value(path, None, value, bool)
    return check_value(path, rule.presence, value, lambda text: matches(rule.format, text))


def check_flag(path: str, rule: Flag | None, value: Any) -> Violations:
    """true or false under OPTIONAL, STATIC_TRUE or STATIC_FALSE."""
    if value is not None and rule != Flag.OPTIONAL:
        yield PolicyViolation(path, Reason.STATIC if rule else Reason.FORBIDDEN)


def check_number(path: str, rule: NumberPolicy | None, value: Any) -> Violations:
    """A whole number under {presence, min, max}."""
    if rule is None:
        return check_value(path, None, value, bool)
    return check_value(path, rule.presence, value, lambda number: rule.least <= number <= rule.most)


def check_list(
    path: str, rule: ListPolicy | None, values: Sequence[str], fits: Fits | None = None
) -> Violations:
    """Texts under {static, list, mincount, maxcount}; `fits` says how one meets the list, by default a regex."""
    if rule is None:
        return check_value(path, None, values or None, bool)
    count = _count(path, rule, len(values))
    if count is not None:
        return iter((count,))
    fit = fits or (lambda value: any(matches(pattern, value) for pattern in rule.patterns))
    return iter(() if all(map(fit, values)) else (PolicyViolation(path, Reason.INVALID),))


def _count(path: str, rule: ListPolicy | AttributePolicy, sent: int) -> PolicyViolation | None:
    if rule.static:
        return PolicyViolation(path, Reason.STATIC) if sent else None
    if sent and not rule.maxcount:
        return PolicyViolation(path, Reason.FORBIDDEN)
    if not sent and rule.mincount:
        return PolicyViolation(path, Reason.REQUIRED)
    return None if rule.mincount <= sent <= rule.maxcount else PolicyViolation(path, Reason.INVALID)


def check_attributes(
    path: str, rules: Mapping[str, AttributePolicy], sent: Sequence[Mapping[str, str]]
) -> Violations:
    """Values with OIDs, counted for each OID by itself."""
    counts = Counter(item["type"] for item in sent)
    if not set(counts) <= set(rules):
        yield PolicyViolation(path, Reason.FORBIDDEN)
        return
    found = [fault for oid, rule in rules.items() if (fault := _count(path, rule, counts[oid]))]
    if not found and not all(_attribute_fits(rules[item["type"]], item.get("value")) for item in sent):
        found = [PolicyViolation(path, Reason.INVALID)]
    yield from found


def _attribute_fits(rule: AttributePolicy, value: str | None) -> bool:
    return has_type(rule.value_type, rule.value_format, value)


def has_type(kind: ValueType, pattern: str, value: str | None) -> bool:
    """Whether a value can become this ASN.1 type and matches `pattern`, if there is one."""
    if kind == ValueType.NIL:
        return value in (None, "NIL")
    if not value or not is_clean(value):
        return False
    fits = _is_one_tlv(value) if kind == ValueType.DER else bool(_TEXTS[kind].fullmatch(value))
    return fits and (not pattern or matches(pattern, value))


def _is_one_tlv(text: str) -> bool:
    """Hex of exactly one DER element (X.690 section 8.1), with a tag of one octet and a definite length."""
    try:
        data = binascii.unhexlify(text)
    except (binascii.Error, ValueError):
        return False
    if len(data) < 2 or data[1] == 0x80 or data[1] > 0x84:
        return False
    more = data[1] - 0x80 if data[1] > 0x80 else 0
    length = int.from_bytes(data[2 : 2 + more]) if more else data[1]
    return len(data) == 2 + more + length


def matches(pattern: str, value: str) -> bool:
    """Whether all of `value` matches. A pattern that Python cannot read is left for HVCA to judge."""
    if not is_clean(value):
        return False
    try:
        return re.fullmatch(pattern, value) is not None
    except (re.error, RecursionError, OverflowError):
        return True


def is_clean(value: str) -> bool:
    """No control characters and no lone surrogates: nothing that cannot be encoded or shown."""
    return all(unicodedata.category(character) not in ("Cc", "Cs") for character in value)


def is_oid(value: str) -> bool:
    """An object identifier as HVCA API document 2.1 writes it."""
    return _OID.fullmatch(value) is not None


def is_dns_name(value: str) -> bool:
    """A host name, maybe with a wildcard as its first label."""
    return len(value) <= 253 and _HOST.fullmatch(value) is not None


def is_email(value: str) -> bool:
    """Something before an @, a host name after it."""
    before, _, host = value.rpartition("@")
    return re.fullmatch(r"[^@\s,;<>\"]{1,64}", before) is not None and "*" not in host and is_dns_name(host)


def is_ip_address(value: str) -> bool:
    """An IPv4 or IPv6 address, without a zone."""
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return "%" not in value


def ends_in(value: str, suffixes: Sequence[str]) -> bool:
    """Whether a name ends in one of the suffixes; the suffix "." stands for any name with a dot."""
    lower = value.lower()
    return any("." in lower if suffix == "." else lower.endswith(suffix.lower()) for suffix in suffixes)


def is_date(value: str) -> bool:
    """YYYY-MM-DD."""
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return len(value) == len("YYYY-MM-DD")
