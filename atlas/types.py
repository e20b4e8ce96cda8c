"""Frozen records of what goes to and comes from HVCA, and the client's identity. See also account_types.
Not here: reading them from the wire. All times are aware datetimes in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class ClientIdentity:
    """A client certificate and its private key, all PEM; the key is not encrypted and never shown by repr.

    `chain_pem` holds the intermediates to send along, issuer first; empty if the server knows them.
    """

    certificate_pem: bytes
    private_key_pem: bytes = field(repr=False)
    chain_pem: bytes = b""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Time limits in seconds: to connect, between two pieces of an answer, and for the whole of it."""

    connect: float = 5.0
    read: float = 30.0
    whole: float = 60.0


class Presence(StrEnum):
    """What a validation policy wants of a field (HVCA API document 2.1, validation policy)."""

    OPTIONAL = "OPTIONAL"
    REQUIRED = "REQUIRED"
    FORBIDDEN = "FORBIDDEN"
    STATIC = "STATIC"


class KeyType(StrEnum):
    """The kinds of public key that a policy knows."""

    RSA = "RSA"
    ECDSA = "ECDSA"


class KeyFormat(StrEnum):
    """How a public key is handed in: PKCS8 is a PEM `PUBLIC KEY`, PKCS10 a PEM `CERTIFICATE REQUEST`."""

    PKCS8 = "PKCS8"
    PKCS10 = "PKCS10"


class CertificateStatus(StrEnum):
    """The two published states of a certificate; one that is still being made has none (202)."""

    ISSUED = "ISSUED"
    REVOKED = "REVOKED"


class RevocationReason(StrEnum):
    """The reasons HVCA takes, in the words of RFC 5280 section 5.3.1."""

    UNSPECIFIED = "unspecified"
    KEY_COMPROMISE = "keyCompromise"
    AFFILIATION_CHANGED = "affiliationChanged"
    SUPERSEDED = "superseded"
    CESSATION_OF_OPERATION = "cessationOfOperation"
    PRIVILEGE_WITHDRAWN = "privilegeWithdrawn"


@dataclass(frozen=True, slots=True)
class ValidityPolicy:
    """How long a certificate may live and how far its start may be from now; all in seconds."""

    seconds_min: int
    seconds_max: int
    not_before_negative_skew: int
    not_before_positive_skew: int


@dataclass(frozen=True, slots=True)
class ValidationPolicy:
    """What one API credential may ask for. `raw` is the whole answer; the rest is its typed core.

    `subject_dn` has the presence of every field that has one; lists of fields stand in `raw` only.
    `key_format` is None for policies of the first API version, which do not state it.
    """

    validity: ValidityPolicy
    key_type: KeyType
    allowed_lengths: tuple[int, ...]
    key_format: KeyFormat | None
    subject_dn: Mapping[str, Presence]
    raw: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class CertificateRequest:
    """What POST /certificates is told. Leave out every field that the policy makes STATIC or FORBIDDEN.

    `public_key` is PEM in the policy's key format. `not_after` None asks for the policy's maximum.
    `san` maps HVCA's names (`dns_names`, `emails`, `ip_addresses`, `uris`) to values. `public_key_signature`
    is base64 over the DER SubjectPublicKeyInfo, for PKCS8 policies only.
    """

    public_key: str
    not_before: datetime
    not_after: datetime | None = None
    subject_dn: Mapping[str, str] = field(default_factory=dict)
    san: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    extended_key_usages: tuple[str, ...] = ()
    public_key_signature: str | None = None


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    """A certificate as HVCA keeps it. `updated_at`: when it was issued or, if REVOKED, revoked."""

    serial: str
    pem: str
    status: CertificateStatus
    updated_at: datetime
