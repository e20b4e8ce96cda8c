"""A validation policy of one's own: read from a JSON file and checked, so that requests can be measured against it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography import x509

from atlas.sandbox.hvca_extensions import OURS
from atlas.sandbox.hvca_rules import has_type, is_expression

Json = dict[str, Any]
_PRESENCES = {"OPTIONAL", "REQUIRED", "FORBIDDEN", "STATIC"}
_FLAGS = {"OPTIONAL", "STATIC_TRUE", "STATIC_FALSE"}
_SECONDS = ("secondsmin", "secondsmax", "not_before_negative_skew", "not_before_positive_skew")
_BY_OID = {"extra_attributes", "other_names", "custom_extensions"}
_BY_SUFFIX = {"san.dns_names", "san.emails"}
_BLOCKS = {
    "subject_dn", "san", "key_usages", "extended_key_usages", "subject_da", "qualified_statements",
    "ms_extension_template", "custom_extensions", "signature",
}  # fmt: skip


class BadPolicy(ValueError):
    """The policy cannot be used; the message says where and why, for a person."""


def read_policy(path: Path) -> Json:
    """The policy in a file. Raises BadPolicy, or OSError."""
    try:
        document = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError):
        raise BadPolicy(f"{path}: is not JSON") from None
    return checked(document)


def checked(document: object) -> Json:
    """The document, if it is a validation policy in the form that GET /validationpolicy answers. Raises BadPolicy."""
    if not isinstance(document, dict):
        raise BadPolicy("the policy: must be an object")
    for place, reason in _faults(document):
        raise BadPolicy(f"{place}: {reason}")
    return document


def _faults(policy: Json) -> Iterator[tuple[str, str]]:
    validity, key = policy.get("validity"), policy.get("public_key")
    for name in _SECONDS:
        if not isinstance(validity, dict) or type(validity.get(name)) is not int:
            yield f"validity.{name}", "must be a whole number"
    if not isinstance(key, dict) or key.get("key_type") not in ("RSA", "ECDSA"):
        yield "public_key.key_type", "must be RSA or ECDSA"
        return
    if key.get("key_format") not in (None, "PKCS8", "PKCS10"):
        yield "public_key.key_format", "must be PKCS8 or PKCS10"
    lengths = key.get("allowed_lengths")
    if not isinstance(lengths, list) or not all(type(length) is int for length in lengths):
        yield "public_key.allowed_lengths", "must be a list of whole numbers"
    if policy.get("public_key_signature", "OPTIONAL") not in _PRESENCES:
        yield "public_key_signature", "must be a presence"
    for name in _BLOCKS & set(policy):
        if not isinstance(policy[name], dict | None):
            yield name, "must be an object"
        else:
            yield from _block(name, policy[name] or {})


def _block(path: str, found: Json) -> Iterator[tuple[str, str]]:
    """Every rule in a block, however deep, by the form it has."""
    last = path.rpartition(".")[2]
    if last in _BY_OID:
        yield from (fault for oid, rule in found.items() for fault in _by_oid(path, oid, rule))
    elif "mincount" in found or "maxcount" in found:
        yield from _list(path, found)
    elif "presence" in found:
        yield from _value(path, found)
    else:
        yield from (fault for name, rule in found.items() for fault in _member(f"{path}.{name}", rule))


def _member(path: str, rule: object) -> Iterator[tuple[str, str]]:
    if isinstance(rule, dict):
        yield from _block(path, rule)
    elif isinstance(rule, str):
        wanted = _PRESENCES if path == "subject_da.date_of_birth" else _FLAGS
        if rule not in wanted:
            yield path, f"must be one of {', '.join(sorted(wanted))}"
    elif not (rule is None or (type(rule) is bool and path.endswith(".critical"))):
        yield path, "is not a rule"


def _value(path: str, rule: Json) -> Iterator[tuple[str, str]]:
    """{presence, format}, {presence, min, max}, {presence, list} or {presence, policies}."""
    if rule["presence"] not in _PRESENCES:
        yield f"{path}.presence", f"must be one of {', '.join(sorted(_PRESENCES))}"
    elif path.startswith("signature."):
        yield from _texts(f"{path}.list", rule.get("list"))
    elif path.endswith("etsi_qc_pds"):
        policies = rule.get("policies")
        patterns = list(policies.values()) if isinstance(policies, dict) else None
        yield from _texts(f"{path}.policies", patterns, patterns_too=True)
    elif path.endswith(("_version", "_period")):
        if any(type(rule.get(name, 0)) is not int for name in ("min", "max")):
            yield path, "min and max must be whole numbers"
    else:
        yield from _texts(f"{path}.format", [rule.get("format")], patterns_too=rule["presence"] != "STATIC")


def _list(path: str, rule: Json) -> Iterator[tuple[str, str]]:
    if any(type(rule.get(name)) is not int for name in ("mincount", "maxcount")):
        yield path, "mincount and maxcount must be whole numbers"
    listed = [] if rule.get("list") is None else rule["list"]
    expressions = path not in _BY_SUFFIX and not rule.get("static")
    yield from _texts(f"{path}.list", listed, patterns_too=expressions)


def _texts(path: str, values: object, *, patterns_too: bool = False) -> Iterator[tuple[str, str]]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        yield path, "must be text"
    elif patterns_too:
        for value in values:
            try:
                re.compile(value)
            except (re.error, OverflowError, RecursionError):
                yield path, "is no regular expression that Python can read"


def _by_oid(path: str, oid: str, rule: object) -> Iterator[tuple[str, str]]:
    """{static, value_type, value_format, mincount, maxcount}, or {presence, critical, value_type, value_format}."""
    place = f"{path}.{oid}"
    if not isinstance(rule, dict) or not _is_oid(oid) or (path == "custom_extensions" and oid in OURS):
        yield place, "is not a rule for an OID of its own"
        return
    kind, form = rule.get("value_type", "UTF8STRING"), rule.get("value_format") or ""
    if kind not in ("IA5STRING", "PRINTABLESTRING", "UTF8STRING", "INTEGER", "DER", "NIL"):
        yield f"{place}.value_type", "is unknown"
        return
    static = rule.get("static") or rule.get("presence") == "STATIC"
    if path == "custom_extensions":
        if rule.get("presence") not in _PRESENCES:
            yield f"{place}.presence", "must be a presence"
    elif any(type(rule.get(name)) is not int for name in ("mincount", "maxcount")):
        yield place, "mincount and maxcount must be whole numbers"
    yield from _texts(f"{place}.value_format", [form], patterns_too=not static or is_expression(form))
    if static and not has_type(kind, "", form) and not (path == "custom_extensions" and is_expression(form)):
        yield f"{place}.value_format", "is no value of its type"


def _is_oid(text: str) -> bool:
    try:
        x509.ObjectIdentifier(text)
    except ValueError:
        return False
    return True
