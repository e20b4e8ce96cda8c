"""Frozen records of what goes to and comes from the account API (docs/atlas-account-api.yaml).
Not here: reading them from the wire, and what a status means. All times are aware datetimes in UTC.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


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

    name: str
    job_title: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class NewRegistration:
    """The form "Get Started with Atlas". `scenario` is for a local Atlas; None leaves it the choice."""

    company_name: str
    contact: Contact
    company_number: str | None = None
    scenario: str | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    account_id: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """`sent_at` is known from SENT on, `accepted_at` from ACCEPTED on."""

    status: InvitationStatus
    sent_at: datetime | None
    accepted_at: datetime | None


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    status: PaymentMethodStatus
    set_at: datetime | None


@dataclass(frozen=True, slots=True)
class Quote:
    """`ready_at` is known from READY on, `accepted_at` from ACCEPTED on; `currency` is ISO 4217."""

    status: QuoteStatus
    ready_at: datetime | None
    accepted_at: datetime | None
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class IdentityRequest:
    """SUBMITTED from the first identity profile on; more may follow."""

    status: IdentityRequestStatus
    ready_at: datetime | None


@dataclass(frozen=True, slots=True)
class Account:
    """How far one company's account is."""

    account_id: str
    company_name: str
    company_number: str | None
    contact: Contact
    scenario: str
    registered_at: datetime
    invitation: Invitation
    payment_method: PaymentMethod
    quote: Quote
    identity_request: IdentityRequest


@dataclass(frozen=True, slots=True)
class Email:
    """One e-mail that Atlas has sent; `text` is plain."""

    kind: EmailKind
    to: str
    subject: str
    text: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class NewIdentityProfile:
    """What GlobalSign verifies; it cannot be changed once sent. `country` is two letters of ISO 3166-1."""

    profile_name: str
    organization: str
    company_number: str
    street_address: str
    locality: str
    postal_code: str
    country: str
    phone: str
    contact_name: str
    contact_job_title: str
    contact_email: str


@dataclass(frozen=True, slots=True)
class RequestedIdentityProfile:
    """The answer to a request for an identity profile."""

    identity_profile_id: str
    status: IdentityProfileStatus


@dataclass(frozen=True, slots=True)
class IdentityProfile:
    """One identity profile and its vetting. `reason` is there when Rejected."""

    identity_profile_id: str
    details: NewIdentityProfile
    status: IdentityProfileStatus
    submitted_at: datetime
    status_since: datetime
    case_reference: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class ApiCredential:
    """An API credential without its secret; the serials are those of the mTLS certificates bound to it."""

    api_credential_id: str
    name: str
    api_key: str = field(repr=False)
    created_at: datetime
    certificate_serials: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GeneratedApiCredential:
    """A new API credential. Atlas tells the secret here and never again; repr shows neither half."""

    api_credential_id: str
    name: str
    api_key: str = field(repr=False)
    api_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OrderedMtlsCertificate:
    serial: str


@dataclass(frozen=True, slots=True)
class MtlsCertificateEntry:
    """A row of the list: orders that are being signed are in it, so a lost answer can be found by its key.

    `public_key_sha256`: of the DER SubjectPublicKeyInfo, lower-case hex. `issued_at`: None while PENDING.
    """

    serial: str
    public_key_sha256: str
    issued_at: datetime | None
    status: MtlsStatus
    api_credential_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MtlsCertificate:
    """An issued mTLS certificate, PEM; `chain` has the issuer first and the root last."""

    serial: str
    certificate: str
    chain: tuple[str, ...]
    not_after: datetime


@dataclass(frozen=True, slots=True)
class NewUser:
    name: str
    email: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class User:
    user_id: str
    name: str
    email: str
    roles: tuple[Role, ...]
    added_at: datetime
