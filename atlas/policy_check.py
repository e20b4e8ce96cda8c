"""Measures a certificate request against a validation policy: what HVCA would refuse, before it is sent.
Not here: single rules, see policy_rules; the public key, see key_check; what only HVCA knows.
"""

import math
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from atlas.key_check import check_key
from atlas.policy_rules import (
    PolicyViolation,
    Reason,
    Violations,
    check_attributes,
    check_flag,
    check_list,
    check_number,
    check_text,
    check_value,
    ends_in,
    has_type,
    is_date,
    is_dns_name,
    is_email,
    is_ip_address,
    is_oid,
    matches,
)
from atlas.policy_types import (
    ChoicePolicy,
    ExtensionPolicy,
    Flag,
    ListPolicy,
    MsTemplatePolicy,
    PdsPolicy,
    QualifiedStatementsPolicy,
    SanPolicy,
    SemanticsPolicy,
    SignaturePolicy,
    StringPolicy,
    SubjectDaPolicy,
    SubjectDnPolicy,
    ValidationPolicy,
    ValidityPolicy,
)

__all__ = ["PolicyViolation", "check"]
Json = Mapping[str, Any]
_SUBJECT_LISTS = ("organizational_unit", "extra_attributes")
# X.520 and RFC 5280 appendix A.1 bound some values whatever the policy says.
_BOUNDS: Mapping[str, tuple[int, int]] = {
    "common_name": (1, 64),
    "country": (2, 2),
    "jurisdiction_of_incorporation_country_name": (2, 2),
}
_DA_OWN = ("date_of_birth", "extra_attributes")
_NOTHING: Json = {}


def check(body: Json, policy: ValidationPolicy, now: datetime) -> tuple[PolicyViolation, ...]:
    """All faults of a request as it would be sent (`body`), in the order of the API document."""
    return tuple(_violations(body, policy, now))


def _violations(body: Json, policy: ValidationPolicy, now: datetime) -> Violations:
    part = {name: body.get(name) or _NOTHING for name in _BLOCKS}
    yield from _validity(policy.validity, body["validity"], now.timestamp())
    yield from _subject_dn(policy.subject_dn, part["subject_dn"])
    yield from _san(policy.san, part["san"])
    yield from _key_usages(policy.key_usages, part["key_usages"])
    extended = policy.extended_key_usages
    yield from _extended(extended.ekus if extended else None, body.get("extended_key_usages") or ())
    yield from _whole("subject_da", policy.subject_da, part, _subject_da)
    yield from _whole("qualified_statements", policy.qualified_statements, part, _statements)
    yield from _whole("ms_extension_template", policy.ms_extension_template, part, _template)
    yield from _whole("custom_extensions", policy.custom_extensions, part, _extensions)
    yield from _whole("signature", policy.signature, part, _signature)
    yield from check_key(policy, body.get("public_key"), body.get("public_key_signature"))


_BLOCKS = (
    "subject_dn", "san", "key_usages", "subject_da", "qualified_statements", "ms_extension_template",
    "custom_extensions", "signature",
)  # fmt: skip


def _whole(path: str, rule: Any, part: Json, check_block: Any) -> Violations:
    """A block that the policy may leave out altogether: then it must not be sent."""
    if rule:
        yield from check_block(rule, part[path])
    elif part[path]:
        yield PolicyViolation(path, Reason.FORBIDDEN)


def _validity(rule: ValidityPolicy, sent: Json, now: float) -> Violations:
    start = sent["not_before"]
    if not now - rule.not_before_negative_skew <= start <= now + rule.not_before_positive_skew:
        yield PolicyViolation("validity.not_before", Reason.INVALID)
    seconds = (sent.get("not_after") or start + rule.seconds_max) - start
    if not rule.seconds_min <= seconds <= rule.seconds_max:
        yield PolicyViolation("validity.not_after", Reason.INVALID)


def _subject_dn(rule: SubjectDnPolicy, sent: Json) -> Violations:
    for name in dict.fromkeys((*rule.fields, *sent)):
        if name not in _SUBJECT_LISTS:
            yield from _subject_text(name, rule.fields.get(name), sent.get(name))
    units = sent.get("organizational_unit", ())
    yield from check_list("subject_dn.organizational_unit", rule.organizational_unit, units)
    attributes = sent.get("extra_attributes", ())
    yield from check_attributes("subject_dn.extra_attributes", rule.extra_attributes, attributes)


def _subject_text(name: str, rule: StringPolicy | None, value: str | None) -> Violations:
    path = f"subject_dn.{name}"
    found = list(check_text(path, rule, value))
    least, most = _BOUNDS.get(name, (0, math.inf))
    if not found and value and not least <= len(value.encode()) <= most:
        found = [PolicyViolation(path, Reason.INVALID)]
    yield from found


def _key_usages(rules: Mapping[str, Flag], sent: Json) -> Violations:
    for name, value in sent.items():
        yield from check_flag(f"key_usages.{name}", rules.get(name), value)
    if not sent.get("key_agreement") and rules.get("key_agreement") != Flag.STATIC_TRUE:
        for name in ("encipher_only", "decipher_only"):  # RFC 5280 section 4.2.1.3: they mean nothing alone
            if sent.get(name) and rules.get(name) == Flag.OPTIONAL:
                yield PolicyViolation(f"key_usages.{name}", Reason.INVALID)


def _san(rule: SanPolicy, sent: Json) -> Violations:
    for name in ("dns_names", "emails", "ip_addresses", "uris"):
        policy = rule.lists.get(name)
        fits = partial(_san_fits, name, policy.patterns if policy else ())
        yield from check_list(f"san.{name}", policy, sent.get(name, ()), fits)
    yield from check_attributes("san.other_names", rule.other_names, sent.get("other_names", ()))


def _san_fits(name: str, patterns: tuple[str, ...], value: str) -> bool:
    """DNS names and email addresses are compared by suffix, the others by regular expression."""
    if name == "uris":
        return _is_uri(patterns, value)
    if name in ("dns_names", "emails"):
        well_formed = is_dns_name(value) if name == "dns_names" else is_email(value)
        return well_formed and ends_in(value, patterns)
    return is_ip_address(value) and any(matches(pattern, value) for pattern in patterns)


def _is_uri(patterns: tuple[str, ...], value: str) -> bool:
    return value != "" and value.isascii() and any(matches(pattern, value) for pattern in patterns)


def _extended(rule: ListPolicy | None, sent: Any) -> Violations:
    found = list(check_list("extended_key_usages", rule, sent))
    if not found and (len(set(sent)) < len(sent) or not all(map(is_oid, sent))):
        found = [PolicyViolation("extended_key_usages", Reason.INVALID)]
    yield from found


def _subject_da(rule: SubjectDaPolicy, sent: Json) -> Violations:
    names = dict.fromkeys((*rule.fields, *rule.lists, *sent))
    for name in names:
        path, value = f"subject_da.{name}", sent.get(name)
        if name in rule.lists:
            yield from check_list(path, rule.lists[name], value or ())
        elif name not in _DA_OWN:
            yield from check_text(path, rule.fields.get(name), value)
    yield from check_value("subject_da.date_of_birth", rule.date_of_birth, sent.get("date_of_birth"), is_date)
    attributes = sent.get("extra_attributes", ())
    yield from check_attributes("subject_da.extra_attributes", rule.extra_attributes, attributes)


def _statements(rule: QualifiedStatementsPolicy, sent: Json) -> Violations:
    path = "qualified_statements"
    yield from _semantics(f"{path}.semantics", rule.semantics, sent.get("semantics", {}))
    for name in ("etsi_qc_compliance", "etsi_qc_sscd_compliance"):
        yield from check_flag(f"{path}.{name}", rule.flags.get(name), sent.get(name))
    yield from check_text(f"{path}.etsi_qc_type", rule.etsi_qc_type, sent.get("etsi_qc_type"))
    period = sent.get("etsi_qc_retention_period")
    yield from check_number(f"{path}.etsi_qc_retention_period", rule.etsi_qc_retention_period, period)
    yield from _pds(f"{path}.etsi_qc_pds", rule.etsi_qc_pds, sent.get("etsi_qc_pds"))


def _semantics(path: str, rule: SemanticsPolicy, sent: Json) -> Violations:
    yield from check_text(f"{path}.identifier", rule.identifier, sent.get("identifier"))
    fits = partial(_is_uri, rule.name_authorities.patterns if rule.name_authorities else ())
    yield from check_list(
        f"{path}.name_authorities", rule.name_authorities, sent.get("name_authorities", ()), fits
    )


def _pds(path: str, rule: PdsPolicy | None, sent: Json | None) -> Violations:
    patterns = rule.policies if rule else {}

    def fits(addresses: Json) -> bool:
        return all(
            name in patterns and url.isascii() and matches(patterns[name], url)
            for name, url in addresses.items()
        )

    return check_value(path, rule.presence if rule else None, sent, fits)


def _template(rule: MsTemplatePolicy, sent: Json) -> Violations:
    path = "ms_extension_template"
    yield from check_text(f"{path}.id", rule.template_id, sent.get("id"))
    yield from check_number(f"{path}.major_version", rule.major_version, sent.get("major_version"))
    yield from check_number(f"{path}.minor_version", rule.minor_version, sent.get("minor_version"))


def _extensions(rules: Mapping[str, ExtensionPolicy], sent: Json) -> Iterator[PolicyViolation]:
    for oid in dict.fromkeys((*rules, *sent)):
        rule = rules.get(oid)
        fits = (
            (lambda value, rule=rule: has_type(rule.value_type, rule.value_format, value)) if rule else bool
        )
        yield from check_value(
            f"custom_extensions.{oid}", rule.presence if rule else None, sent.get(oid), fits
        )


def _signature(rule: SignaturePolicy, sent: Json) -> Violations:
    yield from _choice("signature.algorithm", rule.algorithm, sent.get("algorithm"))
    yield from _choice("signature.hash_algorithm", rule.hash_algorithm, sent.get("hash_algorithm"))


def _choice(path: str, rule: ChoicePolicy | None, value: str | None) -> Violations:
    if rule is None:
        return check_value(path, None, value, bool)
    return check_value(path, rule.presence, value, lambda word: word in rule.choices)
