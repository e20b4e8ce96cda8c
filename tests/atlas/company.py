"""A company that walks through Atlas by the account API: as far as a test wants.
Not here: what is tested on the way.
"""

import time
import uuid
from collections.abc import Callable
from typing import TypeVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from atlas.account import AccountApi
from atlas.account_types import (
    Account,
    Contact,
    IdentityProfile,
    IdentityProfileStatus,
    IdentityRequestStatus,
    InvitationStatus,
    MtlsCertificate,
    NewIdentityProfile,
    NewRegistration,
    QuoteStatus,
)
from atlas.errors import NotReady

T = TypeVar("T")
PASSWORD = "correct horse battery"
DETAILS = NewIdentityProfile(
    profile_name="one_ltd",
    organization="One Ltd",
    company_number="01234567",
    street_address="1 High Street",
    locality="Falmouth",
    postal_code="TR11 1AA",
    country="GB",
    phone="+44 1632 960001",
    contact_name="Alice",
    contact_job_title="CTO",
    contact_email="alice@one.example",
)


def key() -> str:
    return str(uuid.uuid4())


def registration(scenario: str | None = None) -> NewRegistration:
    contact = Contact("Alice", "CTO", f"alice-{key()}@one.example", "+44 1632 960001")
    return NewRegistration("One Ltd", contact, "01234567", scenario)


def until(look: Callable[[], T], ready: Callable[[T], bool]) -> T:
    for _ in range(300):
        found = look()
        if ready(found):
            return found
        time.sleep(0.02)
    raise TimeoutError


def accepted(api: AccountApi, scenario: str | None = None) -> str:
    """An account whose invitation has been accepted."""
    account_id = api.register(registration(scenario), key()).account_id
    until(lambda: api.account(account_id), lambda account: account.invitation.status == InvitationStatus.SENT)
    api.accept_invitation(account_id, PASSWORD)
    return account_id


def quoted(api: AccountApi, scenario: str | None = None) -> str:
    """An account whose quote has been accepted and whose identity request is ready."""
    account_id = accepted(api, scenario)
    api.set_payment_method(account_id)
    until(lambda: api.account(account_id), lambda account: account.quote.status == QuoteStatus.READY)
    api.accept_quote(account_id)
    until(
        lambda: api.account(account_id),
        lambda account: account.identity_request.status == IdentityRequestStatus.READY,
    )
    return account_id


def make_csr(private: rsa.RSAPrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "onboarding_key")])
    csr = x509.CertificateSigningRequestBuilder().subject_name(name).sign(private, hashes.SHA256())
    return csr.public_bytes(serialization.Encoding.PEM).decode()


def operator(api: AccountApi) -> tuple[Account, str]:
    """The account that every local Atlas starts with, and its active identity profile."""
    (account,) = api.find_accounts("operator@atlas.example")
    return account, api.identity_profiles(account.account_id)[0].identity_profile_id


def collected(api: AccountApi, account_id: str, serial: str) -> MtlsCertificate:
    for _ in range(100):
        try:
            return api.mtls_certificate(account_id, serial)
        except NotReady:
            time.sleep(0.02)
    raise TimeoutError


def decided(api: AccountApi, account_id: str) -> IdentityProfile:
    """A new identity profile, once GlobalSign has decided about it."""
    final = (IdentityProfileStatus.ACTIVE, IdentityProfileStatus.REJECTED)
    profile_id = api.request_identity_profile(account_id, DETAILS, key()).identity_profile_id
    return until(
        lambda: api.identity_profile(account_id, profile_id), lambda profile: profile.status in final
    )
