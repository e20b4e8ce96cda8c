"""What POST /certificates is told, part by part, in HVCA's own words (HVCA API document 2.1).
Not here: writing it down for the wire, see request_serialization; checking it against a policy, see request_check.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class TypedValue:
    """A value under an OID: an extra attribute or an other name. None: a type without a value (NIL)."""

    type: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class SubjectDn:
    """The distinguished name. An empty text is not sent."""

    common_name: str = ""
    given_name: str = ""
    surname: str = ""
    country: str = ""
    state: str = ""
    locality: str = ""
    street_address: str = ""
    postal_code: str = ""
    organization: str = ""
    organizational_unit: tuple[str, ...] = ()
    organization_identifier: str = ""
    email: str = ""
    serial_number: str = ""
    pseudonym: str = ""
    business_category: str = ""
    jurisdiction_of_incorporation_locality_name: str = ""
    jurisdiction_of_incorporation_state_or_province_name: str = ""
    jurisdiction_of_incorporation_country_name: str = ""
    extra_attributes: tuple[TypedValue, ...] = ()


@dataclass(frozen=True, slots=True)
class San:
    """Subject alternative names. DNS names are A-labels; a UPN is an other name 1.3.6.1.4.1.311.20.2.3."""

    dns_names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    ip_addresses: tuple[str, ...] = ()
    uris: tuple[str, ...] = ()
    other_names: tuple[TypedValue, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyUsages:
    """RFC 5280 section 4.2.1.3. None is not sent; False is: it asks for a certificate without that usage."""

    digital_signature: bool | None = None
    content_commitment: bool | None = None
    key_encipherment: bool | None = None
    data_encipherment: bool | None = None
    key_agreement: bool | None = None
    key_certificate_sign: bool | None = None
    crl_sign: bool | None = None
    encipher_only: bool | None = None
    decipher_only: bool | None = None


@dataclass(frozen=True, slots=True)
class SubjectDa:
    """Subject directory attributes (RFC 3739 section 3.2.2)."""

    gender: str = ""
    date_of_birth: date | None = None
    place_of_birth: str = ""
    country_of_citizenship: tuple[str, ...] = ()
    country_of_residence: tuple[str, ...] = ()
    extra_attributes: tuple[TypedValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Semantics:
    """The semantics of the subject's identifiers (RFC 3739 section 3.2.6.1)."""

    identifier: str = ""
    name_authorities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QualifiedStatements:
    """Statements of a qualified certificate (ETSI EN 319 412-5). The retention period is in years."""

    semantics: Semantics = field(default_factory=Semantics)
    etsi_qc_compliance: bool | None = None
    etsi_qc_sscd_compliance: bool | None = None
    etsi_qc_type: str = ""
    etsi_qc_retention_period: int | None = None
    etsi_qc_pds: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MsExtensionTemplate:
    """Microsoft's certificate template, extension 1.3.6.1.4.1.311.21.7."""

    id: str
    major_version: int | None = None
    minor_version: int | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """How the CA is asked to sign: RSA, RSA-PSS or ECDSA; SHA-256, SHA-384 or SHA-512."""

    algorithm: str = ""
    hash_algorithm: str = ""


@dataclass(frozen=True, slots=True)
class CertificateRequest:
    """What POST /certificates is told. Leave out every field that the policy makes STATIC or FORBIDDEN.

    `public_key` is PEM in the policy's key format; `public_key_signature` is base64 over the DER
    SubjectPublicKeyInfo (see proof_of_possession), for PKCS8 policies only. Times are aware; `not_after` None
    asks for the policy's maximum. `custom_extensions` maps OIDs to texts, "NIL" for one without a value.
    """

    public_key: str
    not_before: datetime
    not_after: datetime | None = None
    subject_dn: SubjectDn = field(default_factory=SubjectDn)
    san: San = field(default_factory=San)
    key_usages: KeyUsages = field(default_factory=KeyUsages)
    extended_key_usages: tuple[str, ...] = ()
    subject_da: SubjectDa = field(default_factory=SubjectDa)
    qualified_statements: QualifiedStatements = field(default_factory=QualifiedStatements)
    ms_extension_template: MsExtensionTemplate | None = None
    custom_extensions: Mapping[str, str] = field(default_factory=dict)
    signature: Signature = field(default_factory=Signature)
    public_key_signature: str | None = None
