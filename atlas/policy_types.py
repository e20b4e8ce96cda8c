"""A validation policy as typed data, as GET /validationpolicy says it: what one API credential may ask for (HVCA API
document 2.1). A block that is missing, null or empty does not apply; members that we do not know stay in `raw`.
Not here: measuring a request against it, see policy_check.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, StringConstraints, model_validator

from atlas.json_fields import Maybe, Members, Several, Text, Texts, empty_is, gather, null_is, wire_name

MOST = 2**31 - 1


class Presence(StrEnum):
    """What a validation policy wants of a field."""

    OPTIONAL = "OPTIONAL"
    REQUIRED = "REQUIRED"
    FORBIDDEN = "FORBIDDEN"
    STATIC = "STATIC"


class Flag(StrEnum):
    """What a policy wants of something that is either so or not; a STATIC one must not be sent."""

    OPTIONAL = "OPTIONAL"
    STATIC_TRUE = "STATIC_TRUE"
    STATIC_FALSE = "STATIC_FALSE"


class ValueType(StrEnum):
    """The ASN.1 type that a value with an OID becomes; NIL has no value."""

    IA5STRING = "IA5STRING"
    PRINTABLESTRING = "PRINTABLESTRING"
    UTF8STRING = "UTF8STRING"
    INTEGER = "INTEGER"
    DER = "DER"
    NIL = "NIL"


class KeyType(StrEnum):
    """The kinds of public key that a policy knows."""

    RSA = "RSA"
    ECDSA = "ECDSA"


class KeyFormat(StrEnum):
    """How a public key is handed in: PKCS8 is a PEM `PUBLIC KEY`, PKCS10 a PEM `CERTIFICATE REQUEST`."""

    PKCS8 = "PKCS8"
    PKCS10 = "PKCS10"


def _members_with(answer: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Every member that is an object with a member `name`: the rules of one kind among others."""
    return {key: rule for key, rule in answer.items() if isinstance(rule, dict) and name in rule}


Oid = Annotated[str, StringConstraints(pattern=r"^([0-9]{1,9}\.){0,63}[0-9]+$")]
Count = Annotated[int, Field(ge=0, le=MOST)]
Bits = Annotated[int, Field(ge=0, le=65_536)]
Span = Annotated[int, Field(ge=0, le=10**11)]  # seconds; over 3000 years is no policy but a mistake
Pattern = Annotated[Text, null_is("")]
Switch = Annotated[bool, null_is(False)]
OptionalIfEmpty = Annotated[Presence, empty_is(Presence.OPTIONAL)]
Least = Annotated[Count, null_is(0)]
Most = Annotated[Count, null_is(MOST)]
_SAN_LISTS = ("dns_names", "emails", "ip_addresses", "uris")
_QC_FLAGS = ("etsi_qc_compliance", "etsi_qc_sscd_compliance")


@dataclass(frozen=True, slots=True)
class ValidityPolicy:
    """How long a certificate may live and how far its start may be from now; all in seconds.

    `issuer_expiry` is as HVCA says it, None for 0 and for policies without it; what it means is not published.
    """

    seconds_min: Annotated[Span, wire_name("secondsmin")]
    seconds_max: Annotated[Span, wire_name("secondsmax")]
    not_before_negative_skew: Span
    not_before_positive_skew: Span
    issuer_expiry: Maybe[int] = None


@dataclass(frozen=True, slots=True)
class StringPolicy:
    """One text. `format` is a regular expression, or the value itself when STATIC."""

    presence: Presence
    format: Pattern = ""


@dataclass(frozen=True, slots=True)
class ListPolicy:
    """Several texts. `patterns` are suffixes for DNS names and email addresses, else regular expressions."""

    static: Switch = False
    patterns: Annotated[Texts, null_is(()), wire_name("list")] = ()
    mincount: Least = 0
    maxcount: Most = MOST


@dataclass(frozen=True, slots=True)
class AttributePolicy:
    """Values under one OID; `value_format` is a regular expression, empty if any value of the type will do."""

    value_type: ValueType
    static: Switch = False
    value_format: Pattern = ""
    mincount: Least = 0
    maxcount: Most = MOST


@dataclass(frozen=True, slots=True)
class ExtensionPolicy:
    """One extension of one's own, by its OID."""

    presence: Presence
    value_type: ValueType
    critical: Switch = False
    value_format: Pattern = ""


@dataclass(frozen=True, slots=True)
class NumberPolicy:
    """A whole number from `least` to `most`."""

    presence: Presence
    least: Annotated[Count, wire_name("min")]
    most: Annotated[Count, wire_name("max")]


@dataclass(frozen=True, slots=True)
class SubjectDnPolicy:
    """`fields` are those of one text, by HVCA's names; `organizational_unit` None: there may be none."""

    fields: Annotated[Mapping[str, StringPolicy], wire_name("<fields>")] = field(default_factory=dict)
    organizational_unit: Maybe[ListPolicy] = None
    extra_attributes: Members[Oid, AttributePolicy] = field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, answer: Any) -> Any:
        return gather(answer, fields=lambda members: _members_with(members, "presence"))


@dataclass(frozen=True, slots=True)
class SanPolicy:
    """`lists` by HVCA's names: dns_names, emails, ip_addresses, uris; `other_names` by OID."""

    lists: Annotated[Mapping[str, ListPolicy], wire_name("<lists>")] = field(default_factory=dict)
    other_names: Members[Oid, AttributePolicy] = field(default_factory=dict)
    critical: Switch = False

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, answer: Any) -> Any:
        return gather(
            answer, lists=lambda members: {name: members[name] for name in _SAN_LISTS if members.get(name)}
        )


@dataclass(frozen=True, slots=True)
class ExtendedKeyUsagesPolicy:
    """Which OIDs may stand in the extended key usage (None: none), and whether the extension is critical."""

    ekus: Maybe[ListPolicy] = None
    critical: Switch = False


@dataclass(frozen=True, slots=True)
class SubjectDaPolicy:
    """Subject directory attributes (RFC 3739 section 3.2.2)."""

    fields: Annotated[Mapping[str, StringPolicy], wire_name("<fields>")] = field(default_factory=dict)
    lists: Annotated[Mapping[str, ListPolicy], wire_name("<lists>")] = field(default_factory=dict)
    date_of_birth: Maybe[Presence] = None
    extra_attributes: Members[Oid, AttributePolicy] = field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, answer: Any) -> Any:
        return gather(
            answer,
            fields=lambda members: _members_with(members, "presence"),
            lists=lambda members: _members_with(members, "mincount"),
        )


@dataclass(frozen=True, slots=True)
class PdsPolicy:
    """PKI disclosure statements: a regular expression of the address, by language in two letters."""

    presence: Presence
    policies: Members[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SemanticsPolicy:
    """The semantics of the subject's identifiers (RFC 3739 section 3.2.6.1); None: it must not be sent."""

    identifier: Maybe[StringPolicy] = None
    name_authorities: Maybe[ListPolicy] = None


@dataclass(frozen=True, slots=True)
class QualifiedStatementsPolicy:
    """Statements of a qualified certificate (ETSI EN 319 412-5); None: it must not be sent."""

    semantics: Annotated[SemanticsPolicy, empty_is({})] = field(default_factory=SemanticsPolicy)
    flags: Annotated[Mapping[str, Flag], wire_name("<flags>")] = field(default_factory=dict)
    etsi_qc_type: Maybe[StringPolicy] = None
    etsi_qc_retention_period: Maybe[NumberPolicy] = None
    etsi_qc_pds: Maybe[PdsPolicy] = None

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, answer: Any) -> Any:
        return gather(
            answer, flags=lambda members: {name: members[name] for name in _QC_FLAGS if members.get(name)}
        )


@dataclass(frozen=True, slots=True)
class MsTemplatePolicy:
    """Microsoft's certificate template extension; None: it must not be sent."""

    template_id: Maybe[StringPolicy] = None
    major_version: Maybe[NumberPolicy] = None
    minor_version: Maybe[NumberPolicy] = None
    critical: Switch = False


@dataclass(frozen=True, slots=True)
class ChoicePolicy:
    """One word out of `choices`."""

    presence: Presence
    choices: Annotated[Texts, null_is(()), wire_name("list")] = ()


@dataclass(frozen=True, slots=True)
class SignaturePolicy:
    """How the CA may be asked to sign; None: it must not be asked."""

    algorithm: Maybe[ChoicePolicy] = None
    hash_algorithm: Maybe[ChoicePolicy] = None


@dataclass(frozen=True, slots=True)
class ValidationPolicy:
    """What one API credential may ask for. `raw` is the whole answer; None: a block that does not apply.

    `key_format` is None for policies of the first API version, which do not state it.
    """

    validity: ValidityPolicy
    key_type: Annotated[KeyType, wire_name("public_key", "key_type")]
    allowed_lengths: Annotated[Several[Bits], wire_name("public_key", "allowed_lengths")]
    raw: Annotated[Mapping[str, Any], wire_name("<raw>")] = field(repr=False)
    key_format: Annotated[Maybe[KeyFormat], wire_name("public_key", "key_format")] = None
    public_key_signature: OptionalIfEmpty = Presence.OPTIONAL
    subject_dn: Annotated[SubjectDnPolicy, empty_is({})] = field(default_factory=SubjectDnPolicy)
    san: Annotated[SanPolicy, empty_is({})] = field(default_factory=SanPolicy)
    key_usages: Members[str, Flag] = field(default_factory=dict)
    extended_key_usages: Maybe[ExtendedKeyUsagesPolicy] = None
    subject_da: Maybe[SubjectDaPolicy] = None
    qualified_statements: Maybe[QualifiedStatementsPolicy] = None
    ms_extension_template: Maybe[MsTemplatePolicy] = None
    custom_extensions: Members[Oid, ExtensionPolicy] = field(default_factory=dict)
    signature: Maybe[SignaturePolicy] = None

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, answer: Any) -> Any:
        return gather(answer, raw=lambda members: members)
