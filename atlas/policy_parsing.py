"""Reads GET /validationpolicy into typed data. Members that we do not know are kept in `raw` and do no harm.
Not here: what a policy allows, see policy_check. An unknown word in a member that we know is Unexpected.
"""

import re
from collections.abc import Callable
from typing import TypeVar

from atlas.json_fields import Fields, as_fields
from atlas.policy_types import (
    AttributePolicy,
    ChoicePolicy,
    ExtendedKeyUsagesPolicy,
    ExtensionPolicy,
    Flag,
    KeyFormat,
    KeyType,
    ListPolicy,
    MsTemplatePolicy,
    NumberPolicy,
    PdsPolicy,
    Presence,
    QualifiedStatementsPolicy,
    SanPolicy,
    SignaturePolicy,
    StringPolicy,
    SubjectDaPolicy,
    SubjectDnPolicy,
    ValidationPolicy,
    ValidityPolicy,
    ValueType,
)
from atlas.responses import Response

T = TypeVar("T")
LONGEST_SPAN = 10**11  # seconds, over 3000 years: more is no policy but a mistake
MOST = 2**31 - 1
_OID = r"([0-9]{1,9}\.){0,63}[0-9]+"
_FLAGS = ("etsi_qc_compliance", "etsi_qc_sscd_compliance")


def parse_policy(response: Response) -> ValidationPolicy:
    """The validation policy; a block that is missing, null or empty does not apply."""
    fields = as_fields(response.json())
    key = fields.nested("public_key")
    return ValidationPolicy(
        validity=_validity(fields.nested("validity")),
        key_type=key.choice("key_type", KeyType),
        allowed_lengths=key.integers("allowed_lengths", highest=65_536),
        key_format=key.choice("key_format", KeyFormat) if key.values.get("key_format") else None,
        public_key_signature=_presence(fields, "public_key_signature"),
        subject_dn=_block(fields, "subject_dn", _subject_dn) or SubjectDnPolicy(),
        san=_block(fields, "san", _san) or SanPolicy(),
        key_usages=_map(fields, "key_usages", lambda usages, name: usages.choice(name, Flag)),
        extended_key_usages=_block(fields, "extended_key_usages", _extended),
        subject_da=_block(fields, "subject_da", _subject_da),
        qualified_statements=_block(fields, "qualified_statements", _statements),
        ms_extension_template=_block(fields, "ms_extension_template", _template),
        custom_extensions=_map(fields, "custom_extensions", _extension, of_oids=True),
        signature=_block(fields, "signature", _signature),
        raw=fields.values,
    )


def _block(fields: Fields, name: str, read: Callable[[Fields], T]) -> T | None:
    return read(fields.nested(name)) if fields.values.get(name) else None


def _map(
    fields: Fields, name: str, read: Callable[[Fields, str], T], *, of_oids: bool = False
) -> dict[str, T]:
    """A map whose names are HVCA's or OIDs; those without a rule, which is null, are left out."""
    if not fields.values.get(name):
        return {}
    inner = fields.nested(name)
    if of_oids and not all(re.fullmatch(_OID, oid, re.ASCII) for oid in inner.values):
        raise fields.mismatch(name, "a map of OIDs")
    return {key: read(inner, key) for key, rule in inner.values.items() if rule is not None}


def _of(fields: Fields, has: str, read: Callable[[Fields], T]) -> dict[str, T]:
    """Every member that is an object with a member `has`: the rules of one kind among others."""
    return {
        name: read(fields.nested(name))
        for name, rule in fields.values.items()
        if isinstance(rule, dict) and has in rule
    }


def _flag(fields: Fields, name: str) -> bool:
    """true or false; false if it is absent or null."""
    value = fields.values.get(name)
    if value is not None and not isinstance(value, bool):
        raise fields.mismatch(name, "true or false")
    return bool(value)


def _presence(fields: Fields, name: str) -> Presence:
    """A bare presence; what a policy does not name may be sent or not."""
    return fields.choice(name, Presence) if fields.values.get(name) else Presence.OPTIONAL


def _validity(fields: Fields) -> ValidityPolicy:
    return ValidityPolicy(
        seconds_min=fields.integer("secondsmin", LONGEST_SPAN),
        seconds_max=fields.integer("secondsmax", LONGEST_SPAN),
        not_before_negative_skew=fields.integer("not_before_negative_skew", LONGEST_SPAN),
        not_before_positive_skew=fields.integer("not_before_positive_skew", LONGEST_SPAN),
    )


def _string(fields: Fields) -> StringPolicy:
    return StringPolicy(fields.choice("presence", Presence), fields.text_or_none("format") or "")


def _list(fields: Fields) -> ListPolicy:
    patterns = fields.texts("list") if fields.values.get("list") is not None else ()
    return ListPolicy(_flag(fields, "static"), patterns, *_counts(fields))


def _counts(fields: Fields) -> tuple[int, int]:
    """`mincount` and `maxcount`; no bound where there is none."""
    bounds = {"mincount": 0, "maxcount": MOST}
    given = {name: fields.integer(name, MOST) for name in bounds if fields.values.get(name) is not None}
    return (bounds | given)["mincount"], (bounds | given)["maxcount"]


def _attribute(fields: Fields, oid: str) -> AttributePolicy:
    rule = fields.nested(oid)
    return AttributePolicy(
        _flag(rule, "static"),
        rule.choice("value_type", ValueType),
        rule.text_or_none("value_format") or "",
        *_counts(rule),
    )


def _subject_dn(fields: Fields) -> SubjectDnPolicy:
    units = fields.values.get("organizational_unit")
    return SubjectDnPolicy(
        fields=_of(fields, "presence", _string),
        organizational_unit=_list(fields.nested("organizational_unit")) if units else None,
        extra_attributes=_map(fields, "extra_attributes", _attribute, of_oids=True),
    )


def _san(fields: Fields) -> SanPolicy:
    rules = {name: _block(fields, name, _list) for name in ("dns_names", "emails", "ip_addresses", "uris")}
    return SanPolicy(
        lists={name: rule for name, rule in rules.items() if rule is not None},
        other_names=_map(fields, "other_names", _attribute, of_oids=True),
        critical=_flag(fields, "critical"),
    )


def _extended(fields: Fields) -> ExtendedKeyUsagesPolicy | None:
    ekus = _block(fields, "ekus", _list)
    return ExtendedKeyUsagesPolicy(ekus, _flag(fields, "critical")) if ekus else None


def _subject_da(fields: Fields) -> SubjectDaPolicy:
    born = fields.values.get("date_of_birth")
    return SubjectDaPolicy(
        fields=_of(fields, "presence", _string),
        lists=_of(fields, "mincount", _list),
        date_of_birth=fields.choice("date_of_birth", Presence) if born else None,
        extra_attributes=_map(fields, "extra_attributes", _attribute, of_oids=True),
    )


def _statements(fields: Fields) -> QualifiedStatementsPolicy:
    semantics = fields.nested("semantics") if fields.values.get("semantics") else Fields({})
    return QualifiedStatementsPolicy(
        semantics_identifier=_block(semantics, "identifier", _string),
        name_authorities=_block(semantics, "name_authorities", _list),
        flags={name: fields.choice(name, Flag) for name in _FLAGS if fields.values.get(name)},
        etsi_qc_type=_block(fields, "etsi_qc_type", _string),
        etsi_qc_retention_period=_block(fields, "etsi_qc_retention_period", _number),
        etsi_qc_pds=_block(fields, "etsi_qc_pds", _pds),
    )


def _pds(fields: Fields) -> PdsPolicy:
    policies = _map(fields, "policies", lambda inner, language: inner.text(language))
    return PdsPolicy(fields.choice("presence", Presence), policies)


def _number(fields: Fields) -> NumberPolicy:
    return NumberPolicy(
        fields.choice("presence", Presence), fields.integer("min", MOST), fields.integer("max", MOST)
    )


def _template(fields: Fields) -> MsTemplatePolicy:
    return MsTemplatePolicy(
        template_id=_block(fields, "template_id", _string),
        major_version=_block(fields, "major_version", _number),
        minor_version=_block(fields, "minor_version", _number),
        critical=_flag(fields, "critical"),
    )


def _extension(fields: Fields, oid: str) -> ExtensionPolicy:
    rule = fields.nested(oid)
    return ExtensionPolicy(
        presence=rule.choice("presence", Presence),
        critical=_flag(rule, "critical"),
        value_type=rule.choice("value_type", ValueType),
        value_format=rule.text_or_none("value_format") or "",
    )


def _signature(fields: Fields) -> SignaturePolicy:
    return SignaturePolicy(
        algorithm=_block(fields, "algorithm", _choice),
        hash_algorithm=_block(fields, "hash_algorithm", _choice),
    )


def _choice(fields: Fields) -> ChoicePolicy:
    words = fields.texts("list") if fields.values.get("list") is not None else ()
    return ChoicePolicy(fields.choice("presence", Presence), words)
