"""Frozen records of what goes to and comes from HVCA, and the client's identity. See also account_types.
Not here: reading an answer, see json_parsing; policies, see policy_types. All times are aware datetimes in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, AliasChoices, Field, StringConstraints

from atlas.json_fields import Maybe, Serial, Several, Text, UnixTime, empty_is, wire_name
from atlas.policy_types import KeyFormat, KeyType, Presence, ValidationPolicy, ValidityPolicy
from atlas.request_types import CertificateRequest
from atlas.serials import normal_serial

__all__ = [
    "Assertion",
    "CertificateRequest",
    "CertificateStat",
    "CertificateStatus",
    "ClaimEmails",
    "ClaimLogEntry",
    "ClaimStatus",
    "ClientIdentity",
    "DomainClaim",
    "IpClaim",
    "IssuedCertificate",
    "KeyFormat",
    "KeyType",
    "LogStatus",
    "Page",
    "Presence",
    "RevocationReason",
    "Scheme",
    "StatsEvent",
    "SubmittedClaim",
    "Timeouts",
    "ValidationPolicy",
    "ValidityPolicy",
]


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ClientIdentity:
    """A client certificate and its private key, all PEM; the key is never shown by repr.

    `passphrase` opens a key that is encrypted. `chain_pem` holds the intermediates to send along, issuer first; empty
    if the server knows them.
    """

    certificate_pem: bytes
    private_key_pem: bytes = field(repr=False)
    chain_pem: bytes = b""
    passphrase: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Time limits in seconds: to connect, between two pieces of an answer, and for the whole of it."""

    connect: float = 5.0
    read: float = 30.0
    total: float = 60.0


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
class IssuedCertificate:
    """A certificate as HVCA keeps it. `updated_at`: when it was issued or, if REVOKED, revoked.

    A `serial`, here and elsewhere, has at least 32 upper-case hex digits, zeros in front.
    """

    serial: str
    pem: str
    status: CertificateStatus
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class CertificateStat:
    """One line of the statistics: a certificate that was issued or revoked, or that expires, in a period."""

    serial: Annotated[Serial, AfterValidator(normal_serial), wire_name("serial_number")]
    not_before: UnixTime
    not_after: UnixTime


class StatsEvent(StrEnum):
    """What the statistics are about."""

    ISSUED = "issued"
    REVOKED = "revoked"
    EXPIRING = "expiring"


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list. `total`: how many rows all pages have together, None if HVCA does not say."""

    rows: tuple[T, ...]
    total: int | None
    has_next: bool


class ClaimStatus(StrEnum):
    """PENDING: control of the domain is still to be shown."""

    PENDING = "PENDING"
    VERIFIED = "VERIFIED"


class LogStatus(StrEnum):
    """How one try to verify a claim went; INFO is neither."""

    SUCCESS = "SUCCESS"
    ERROR = "ERROR"
    INFO = "INFO"


class Scheme(StrEnum):
    """How the token is fetched when it is shown over HTTP."""

    HTTP = "http"
    HTTPS = "https"


class Assertion(StrEnum):
    """What came of asking for a check of a claim: look at the claim some seconds after the first two."""

    SCHEDULED = "scheduled"  # 201: it will be made, or it was made and failed
    PENDING = "pending"  # 202: an earlier one is still under way
    VERIFIED = "verified"  # 204


ClaimId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{1,64}$")]
# Opaque; it goes into a TXT record as it is.
ClaimToken = Annotated[str, StringConstraints(pattern="^[ -~]*$", min_length=1, max_length=1000)]


@dataclass(frozen=True, slots=True)
class SubmittedClaim:
    """A claim just submitted or reasserted. Publish `token` as it is, and assert the claim by `assert_by`."""

    id: str
    token: str
    assert_by: datetime


@dataclass(frozen=True, slots=True)
class ClaimLogEntry:
    status: LogStatus
    description: Text
    at: Annotated[UnixTime, wire_name("timestamp")]


@dataclass(frozen=True, slots=True)
class DomainClaim:
    """A claim on a domain. `domain` is without the dot that HVCA writes at its end.

    `expires_at` is None while there is nothing that could expire. `assert_by`, `token`, `last_verified_at` and
    `last_verification_method` are None where HVCA does not tell them: a claim that is verified needs no assertion.
    """

    id: ClaimId
    status: ClaimStatus
    domain: Annotated[
        str, StringConstraints(pattern=r"^[!-~]{1,255}$"), AfterValidator(lambda name: name.removesuffix("."))
    ]
    created_at: UnixTime
    expires_at: Maybe[UnixTime] = None
    assert_by: Maybe[UnixTime] = None
    log: Annotated[Several[ClaimLogEntry], empty_is(())] = ()
    token: Maybe[ClaimToken] = None
    last_verified_at: Maybe[UnixTime] = None
    last_verification_method: Maybe[Text] = None


@dataclass(frozen=True, slots=True)
class IpClaim:
    """A claim on an IP address; otherwise as a DomainClaim. Known from one third-party client only, which does not say
    what the member with the address is called: `ip_address` is None if it is neither `ip_address` nor `domain`."""

    id: ClaimId
    status: ClaimStatus
    created_at: UnixTime
    ip_address: Annotated[
        Maybe[Annotated[str, StringConstraints(pattern=r"^[!-~]{1,255}$")]],
        Field(validation_alias=AliasChoices("ip_address", "domain")),
    ] = None
    expires_at: Maybe[UnixTime] = None
    assert_by: Maybe[UnixTime] = None
    log: Annotated[Several[ClaimLogEntry], empty_is(())] = ()
    token: Maybe[ClaimToken] = None
    last_verified_at: Maybe[UnixTime] = None
    last_verification_method: Maybe[Text] = None


@dataclass(frozen=True, slots=True)
class ClaimEmails:
    """Addresses to which a verification mail may be sent: usual ones, and those found in the DNS by record type.

    `errors` says, by record type, what went wrong while looking.
    """

    constructed: tuple[str, ...]
    dns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    errors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
