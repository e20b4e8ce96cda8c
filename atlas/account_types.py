"""Frozen records of what goes to and comes from the account API (docs/atlas-account-api.yaml), as it stands in answers.
Not here: reading an answer, see json_parsing, and what a status means. All times are aware datetimes in UTC.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import StringConstraints, model_validator

from atlas.json_fields import (
    Amount,
    Identifier,
    IsoTime,
    PemCertificate,
    Serial,
    Several,
    Text,
    gather,
    wire_name,
)

ApiKey = Annotated[str, StringConstraints(pattern=r"^[0-9A-Fa-f]{16}$")]
ApiSecret = Annotated[str, StringConstraints(pattern=r"^[0-9A-Fa-f]{40}$")]
EmailText = Annotated[str, StringConstraints(max_length=200_000)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class InvitationStatus(StrEnum):
    PENDING = "PENDING"
    SENT = "SENT"
    ACCEPTED = "ACCEPTED"


class PaymentMethodStatus(StrEnum):
    MISSING = "MISSING"
    SET = "SET"


class QuoteStatus(StrEnum):
    PENDING = "PENDING"
    READY = "READY"
    ACCEPTED = "ACCEPTED"


class IdentityRequestStatus(StrEnum):
    NOT_READY = "NOT_READY"
    READY = "READY"
    SUBMITTED = "SUBMITTED"


class IdentityProfileStatus(StrEnum):
    """Processed is not the end: a first validation is done, the release pending. The last two are final."""

    QUEUED_FOR_VETTING = "Queued for Vetting"
    PROCESSED = "Processed"
    ACTIVE = "Active"
    REJECTED = "Rejected"


class MtlsStatus(StrEnum):
    PENDING = "PENDING"
    ISSUED = "ISSUED"


class EmailKind(StrEnum):
    CONFIRMATION = "CONFIRMATION"
    INVITATION = "INVITATION"
    QUOTATION_READY = "QUOTATION_READY"
    VERIFICATION = "VERIFICATION"
    REJECTION = "REJECTION"
    NEW_USER = "NEW_USER"


class Role(StrEnum):
    """What an Atlas user may do; roles add up."""

    ADMINISTRATOR = "Administrator"
    MANAGE_CERTIFICATES = "Manage Certificates"
    MANAGE_IDENTITIES = "Manage Identities"
    MANAGE_CREDENTIALS = "Manage Credentials"


@dataclass(frozen=True, slots=True)
class Contact:
    """The Primary Certificate Admin as Atlas knows that person."""

    name: Text
    job_title: Text
    email: Text
    phone: Text


@dataclass(frozen=True, slots=True)
class NewRegistration:
    """The form "Get Started with Atlas". `scenario` is for a local Atlas; None leaves it the choice."""

    company_name: str
    contact: Contact
    company_number: str | None = None
    scenario: str | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    account_id: Identifier


@dataclass(frozen=True, slots=True)
class Invitation:
    """`sent_at` is known from SENT on, `accepted_at` from ACCEPTED on."""

    status: InvitationStatus
    sent_at: IsoTime | None = None
    accepted_at: IsoTime | None = None


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    status: PaymentMethodStatus
    set_at: IsoTime | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """`ready_at` is known from READY on, `accepted_at` from ACCEPTED on; `currency` is ISO 4217."""

    status: QuoteStatus
    amount: Amount
    currency: Currency
    ready_at: IsoTime | None = None
    accepted_at: IsoTime | None = None


@dataclass(frozen=True, slots=True)
class IdentityRequest:
    """SUBMITTED from the first identity profile on; more may follow."""

    status: IdentityRequestStatus
    ready_at: IsoTime | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """How far one company's account is."""

    account_id: Identifier
    company_name: Text
    contact: Contact
    scenario: Text
    registered_at: IsoTime
    invitation: Invitation
    payment_method: PaymentMethod
    quote: Quote
    identity_request: IdentityRequest
    company_number: Text | None = None


@dataclass(frozen=True, slots=True)
class ChangedAccount:
    account_id: Identifier
    changed_at: IsoTime


@dataclass(frozen=True, slots=True)
class AccountChanges:
    """What has changed since a moment. `as_of` is by Atlas's clock; `is_cut`: more than the list holds."""

    as_of: IsoTime
    accounts: Several[ChangedAccount]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Email:
    """One email that Atlas has sent; `text` is plain."""

    kind: EmailKind
    to: Text
    subject: Text
    text: EmailText
    sent_at: IsoTime


@dataclass(frozen=True, slots=True)
class NewIdentityProfile:
    """What GlobalSign verifies; it cannot be changed once sent. `country` is two letters of ISO 3166-1."""

    profile_name: Text
    organization: Text
    company_number: Text
    street_address: Text
    locality: Text
    postal_code: Text
    country: Country
    phone: Text
    contact_name: Text
    contact_job_title: Text
    contact_email: Text


@dataclass(frozen=True, slots=True)
class RequestedIdentityProfile:
    """The answer to a request for an identity profile."""

    identity_profile_id: Identifier
    status: IdentityProfileStatus


@dataclass(frozen=True, slots=True)
class IdentityProfile:
    """One identity profile and its vetting. `reason` is there when Rejected."""

    identity_profile_id: Identifier
    details: Annotated[NewIdentityProfile, wire_name("<details>")]
    status: IdentityProfileStatus
    submitted_at: IsoTime
    status_since: IsoTime
    case_reference: Text
    reason: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, answer: Any) -> Any:
        return gather(answer, details=lambda members: members)


@dataclass(frozen=True, slots=True)
class ApiCredential:
    """An API credential without its secret; the serials are those of the mTLS certificates bound to it."""

    api_credential_id: Identifier
    name: Text
    api_key: ApiKey = field(repr=False)
    created_at: IsoTime
    certificate_serials: Several[Serial]


@dataclass(frozen=True, slots=True)
class GeneratedApiCredential:
    """A new API credential. Atlas tells the secret here and never again; repr shows neither half."""

    api_credential_id: Identifier
    name: Text
    api_key: ApiKey = field(repr=False)
    api_secret: ApiSecret = field(repr=False)


@dataclass(frozen=True, slots=True)
class OrderedMtlsCertificate:
    serial: Serial


@dataclass(frozen=True, slots=True)
class MtlsCertificateEntry:
    """A row of the list: orders that are being signed are in it, so a lost answer can be found by its key.

    `public_key_sha256`: of the DER SubjectPublicKeyInfo, lower-case hex. `issued_at`: None while PENDING.
    """

    serial: Serial
    public_key_sha256: Sha256
    status: MtlsStatus
    api_credential_ids: Several[Identifier]
    issued_at: IsoTime | None = None


@dataclass(frozen=True, slots=True)
class MtlsCertificate:
    """An issued mTLS certificate, PEM; `chain` has the issuer first and the root last."""

    serial: Serial
    status: Literal["ISSUED"]
    certificate: PemCertificate
    chain: Several[PemCertificate]
    not_after: IsoTime


@dataclass(frozen=True, slots=True)
class NewUser:
    name: str
    email: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class User:
    user_id: Identifier
    name: Text
    email: Text
    roles: Several[Role]
    added_at: IsoTime
