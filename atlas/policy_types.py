"""A validation policy as typed data: what one API credential may ask for (HVCA API document 2.1).
Not here: reading it from the wire, see policy_parsing; measuring a request against it, see policy_check.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


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


@dataclass(frozen=True, slots=True)
class ValidityPolicy:
    """How long a certificate may live and how far its start may be from now; all in seconds."""

    seconds_min: int
    seconds_max: int
    not_before_negative_skew: int
    not_before_positive_skew: int


@dataclass(frozen=True, slots=True)
class StringPolicy:
    """One text. `format` is a regular expression, or the value itself when STATIC."""

    presence: Presence
    format: str = ""


@dataclass(frozen=True, slots=True)
class ListPolicy:
    """Several texts. `patterns` are suffixes for DNS names and e-mail addresses, else regular expressions."""

    static: bool
    patterns: tuple[str, ...]
    mincount: int
    maxcount: int


@dataclass(frozen=True, slots=True)
class AttributePolicy:
    """Values under one OID; `value_format` is a regular expression, empty if any value of the type will do."""

    static: bool
    value_type: ValueType
    value_format: str
    mincount: int
    maxcount: int


@dataclass(frozen=True, slots=True)
class ExtensionPolicy:
    """One extension of one's own, by its OID."""

    presence: Presence
    critical: bool
    value_type: ValueType
    value_format: str = ""


@dataclass(frozen=True, slots=True)
class NumberPolicy:
    """A whole number from `least` to `most`."""

    presence: Presence
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class SubjectDnPolicy:
    """`fields` are those of one text, by HVCA's names; `organizational_unit` None: there may be none."""

    fields: Mapping[str, StringPolicy] = field(default_factory=dict)
    organizational_unit: ListPolicy | None = None
    extra_attributes: Mapping[str, AttributePolicy] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SanPolicy:
    """`lists` by HVCA's names: dns_names, emails, ip_addresses, uris; `other_names` by OID."""

    lists: Mapping[str, ListPolicy] = field(default_factory=dict)
    other_names: Mapping[str, AttributePolicy] = field(default_factory=dict)
    critical: bool = False


@dataclass(frozen=True, slots=True)
class ExtendedKeyUsagesPolicy:
    """Which OIDs may stand in the extended key usage, and whether the extension is critical."""

    ekus: ListPolicy
    critical: bool = False


@dataclass(frozen=True, slots=True)
class SubjectDaPolicy:
    """Subject directory attributes (RFC 3739 section 3.2.2)."""

    fields: Mapping[str, StringPolicy] = field(default_factory=dict)
    lists: Mapping[str, ListPolicy] = field(default_factory=dict)
    date_of_birth: Presence | None = None
    extra_attributes: Mapping[str, AttributePolicy] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PdsPolicy:
    """PKI disclosure statements: a regular expression of the address, by language in two letters."""

    presence: Presence
    policies: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class QualifiedStatementsPolicy:
    """Statements of a qualified certificate (ETSI EN 319 412-5); None: it must not be sent."""

    semantics_identifier: StringPolicy | None = None
    name_authorities: ListPolicy | None = None
    flags: Mapping[str, Flag] = field(default_factory=dict)
    etsi_qc_type: StringPolicy | None = None
    etsi_qc_retention_period: NumberPolicy | None = None
    etsi_qc_pds: PdsPolicy | None = None


@dataclass(frozen=True, slots=True)
class MsTemplatePolicy:
    """Microsoft's certificate template extension; None: it must not be sent."""

    template_id: StringPolicy | None = None
    major_version: NumberPolicy | None = None
    minor_version: NumberPolicy | None = None
    critical: bool = False


@dataclass(frozen=True, slots=True)
class ChoicePolicy:
    """One word out of `choices`."""

    presence: Presence
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignaturePolicy:
    """How the CA may be asked to sign; None: it must not be asked."""

    algorithm: ChoicePolicy | None = None
    hash_algorithm: ChoicePolicy | None = None


@dataclass(frozen=True, slots=True)
class ValidationPolicy:
    """What one API credential may ask for. `raw` is the whole answer; None: a block that does not apply.

    `key_format` is None for policies of the first API version, which do not state it.
    """

    validity: ValidityPolicy
    key_type: KeyType
    allowed_lengths: tuple[int, ...]
    key_format: KeyFormat | None
    public_key_signature: Presence
    subject_dn: SubjectDnPolicy
    san: SanPolicy
    key_usages: Mapping[str, Flag]
    extended_key_usages: ExtendedKeyUsagesPolicy | None
    subject_da: SubjectDaPolicy | None
    qualified_statements: QualifiedStatementsPolicy | None
    ms_extension_template: MsTemplatePolicy | None
    custom_extensions: Mapping[str, ExtensionPolicy]
    signature: SignaturePolicy | None
    raw: Mapping[str, Any] = field(repr=False)
