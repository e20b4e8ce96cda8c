"""Parses the responses of the account API into records (docs/atlas-account-api.yaml).
Not here: the calls themselves.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from atlas.account_types import (
    Account,
    ApiCredential,
    Contact,
    Email,
    EmailKind,
    GeneratedApiCredential,
    IdentityProfile,
    IdentityProfileStatus,
    IdentityRequest,
    IdentityRequestStatus,
    Invitation,
    InvitationStatus,
    MtlsCertificate,
    MtlsCertificateEntry,
    MtlsStatus,
    NewIdentityProfile,
    OrderedMtlsCertificate,
    PaymentMethod,
    PaymentMethodStatus,
    Quote,
    QuoteStatus,
    Registration,
    RequestedIdentityProfile,
    Role,
    User,
)
from atlas.hvca_parsing import PEM_CERTIFICATE
from atlas.json_fields import Fields, as_fields, as_fields_list, parse_enum
from atlas.responses import Response

T = TypeVar("T")

# Ids go into addresses and our own records: one short word each, whatever its letters will be one day.
ID = r"[A-Za-z0-9_-]{1,64}"
SERIAL = r"[0-9A-Fa-f]{1,40}"


def parse_one(response: Response, read: Callable[[Fields], T]) -> T:
    """An answer that is one object."""
    return read(as_fields(response.json()))


def parse_all(response: Response, read: Callable[[Fields], T]) -> tuple[T, ...]:
    """An answer that is a list of objects."""
    return tuple(read(row) for row in as_fields_list(response.json()))


def parse_registration(fields: Fields) -> Registration:
    return Registration(fields.text("account_id", ID))


def parse_account(fields: Fields) -> Account:
    return Account(
        account_id=fields.text("account_id", ID),
        company_name=fields.text("company_name"),
        company_number=fields.text_or_none("company_number"),
        contact=_parse_contact(fields.nested("contact")),
        scenario=fields.text("scenario"),
        registered_at=fields.iso_time("registered_at"),
        invitation=_parse_invitation(fields.nested("invitation")),
        payment_method=_parse_payment_method(fields.nested("payment_method")),
        quote=_parse_quote(fields.nested("quote")),
        identity_request=_parse_identity_request(fields.nested("identity_request")),
    )


def _parse_contact(fields: Fields) -> Contact:
    return Contact(fields.text("name"), fields.text("job_title"), fields.text("email"), fields.text("phone"))


def _parse_invitation(fields: Fields) -> Invitation:
    return Invitation(
        status=fields.choice("status", InvitationStatus),
        sent_at=fields.iso_time_or_none("sent_at"),
        accepted_at=fields.iso_time_or_none("accepted_at"),
    )


def _parse_payment_method(fields: Fields) -> PaymentMethod:
    return PaymentMethod(fields.choice("status", PaymentMethodStatus), fields.iso_time_or_none("set_at"))


def _parse_quote(fields: Fields) -> Quote:
    return Quote(
        status=fields.choice("status", QuoteStatus),
        ready_at=fields.iso_time_or_none("ready_at"),
        accepted_at=fields.iso_time_or_none("accepted_at"),
        amount=Decimal(fields.text("amount", r"\d{1,12}\.\d\d")),
        currency=fields.text("currency", r"[A-Z]{3}"),
    )


def _parse_identity_request(fields: Fields) -> IdentityRequest:
    return IdentityRequest(
        fields.choice("status", IdentityRequestStatus), fields.iso_time_or_none("ready_at")
    )


def parse_email(fields: Fields) -> Email:
    return Email(
        kind=fields.choice("kind", EmailKind),
        to=fields.text("to"),
        subject=fields.text("subject"),
        text=fields.text("text", limit=200_000),
        sent_at=fields.iso_time("sent_at"),
    )


def parse_requested_identity_profile(fields: Fields) -> RequestedIdentityProfile:
    return RequestedIdentityProfile(
        fields.text("identity_profile_id", ID), fields.choice("status", IdentityProfileStatus)
    )


def parse_identity_profile(fields: Fields) -> IdentityProfile:
    return IdentityProfile(
        identity_profile_id=fields.text("identity_profile_id", ID),
        details=_parse_details(fields),
        status=fields.choice("status", IdentityProfileStatus),
        submitted_at=fields.iso_time("submitted_at"),
        status_since=fields.iso_time("status_since"),
        case_reference=fields.text("case_reference"),
        reason=fields.text_or_none("reason"),
    )


def _parse_details(fields: Fields) -> NewIdentityProfile:
    return NewIdentityProfile(
        profile_name=fields.text("profile_name"),
        organization=fields.text("organization"),
        company_number=fields.text("company_number"),
        street_address=fields.text("street_address"),
        locality=fields.text("locality"),
        postal_code=fields.text("postal_code"),
        country=fields.text("country", r"[A-Z]{2}"),
        phone=fields.text("phone"),
        contact_name=fields.text("contact_name"),
        contact_job_title=fields.text("contact_job_title"),
        contact_email=fields.text("contact_email"),
    )


def parse_api_credential(fields: Fields) -> ApiCredential:
    return ApiCredential(
        api_credential_id=fields.text("api_credential_id", ID),
        name=fields.text("name"),
        api_key=fields.text("api_key", r"[0-9A-Fa-f]{16}"),
        created_at=fields.iso_time("created_at"),
        certificate_serials=fields.texts("certificate_serials", SERIAL),
    )


def parse_generated_api_credential(fields: Fields) -> GeneratedApiCredential:
    return GeneratedApiCredential(
        api_credential_id=fields.text("api_credential_id", ID),
        name=fields.text("name"),
        api_key=fields.text("api_key", r"[0-9A-Fa-f]{16}"),
        api_secret=fields.text("api_secret", r"[0-9A-Fa-f]{40}"),
    )


def parse_ordered_mtls_certificate(fields: Fields) -> OrderedMtlsCertificate:
    return OrderedMtlsCertificate(fields.text("serial", SERIAL).upper())


def parse_mtls_certificate_entry(fields: Fields) -> MtlsCertificateEntry:
    return MtlsCertificateEntry(
        serial=fields.text("serial", SERIAL).upper(),
        public_key_sha256=fields.text("public_key_sha256", r"[0-9a-f]{64}"),
        issued_at=fields.iso_time_or_none("issued_at"),
        status=fields.choice("status", MtlsStatus),
        api_credential_ids=fields.texts("api_credential_ids", ID),
    )


def parse_mtls_certificate(fields: Fields) -> MtlsCertificate:
    fields.text("status", "ISSUED")
    return MtlsCertificate(
        serial=fields.text("serial", SERIAL).upper(),
        certificate=fields.text("certificate", PEM_CERTIFICATE, limit=100_000),
        chain=fields.texts("chain", PEM_CERTIFICATE),
        not_after=fields.iso_time("not_after"),
    )


def parse_user(fields: Fields) -> User:
    return User(
        user_id=fields.text("user_id", ID),
        name=fields.text("name"),
        email=fields.text("email"),
        roles=tuple(parse_enum(role, Role, "roles") for role in fields.texts("roles")),
        added_at=fields.iso_time("added_at"),
    )
