"""A company that stands where step 4 ends, at a real local Atlas: account, API credential, and an API to order with.

The listeners are the `atlas` fixture's; nothing here stands in for them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from atlas.account import AccountApi
from atlas.account_types import (
    Contact,
    GeneratedApiCredential,
    IdentityProfileStatus,
    IdentityRequestStatus,
    InvitationStatus,
    NewIdentityProfile,
    NewRegistration,
    QuoteStatus,
)
from atlas.sandbox.server import Sandbox

_numbers = count(1)


@dataclass
class Customer:
    """One account with an API credential."""

    api: AccountApi
    account_id: str
    credential: GeneratedApiCredential

    def ordered(self, public_key_sha256: str) -> int:
        """How many certificates Atlas has for this key."""
        listed = self.api.mtls_certificates(self.account_id)
        return sum(entry.public_key_sha256 == public_key_sha256 for entry in listed)

    def another_credential(self) -> GeneratedApiCredential:
        profile = self.api.identity_profiles(self.account_id)[0].identity_profile_id
        number = next(_numbers)
        return self.api.generate_api_credential(self.account_id, f"another_{number}", profile, f"g{number}")


def customer(sandbox: Sandbox) -> Customer:
    """Walk a new company through Atlas as far as its API credentials. The sandbox must be in a hurry."""
    api = AccountApi(sandbox.account_url, sandbox.account_token, sandbox.root_path)
    number = next(_numbers)
    contact = Contact("Alice Ward", "Certificate Admin", f"alice{number}@example.com", "+44 20 7946 0000")
    account = api.register(NewRegistration("Northwind Energy", contact), f"r{number}").account_id
    until(lambda: api.account(account).invitation.status is InvitationStatus.SENT)
    api.accept_invitation(account, "a long enough password")
    api.set_payment_method(account)
    until(lambda: api.account(account).quote.status is QuoteStatus.READY)
    api.accept_quote(account)
    until(lambda: api.account(account).identity_request.status is IdentityRequestStatus.READY)
    profile = api.request_identity_profile(account, _profile(contact), f"i{number}").identity_profile_id
    until(lambda: api.identity_profile(account, profile).status is IdentityProfileStatus.ACTIVE)
    return Customer(
        api, account, api.generate_api_credential(account, "dip_production", profile, f"c{number}")
    )


def until(ready: Callable[[], bool]) -> None:
    """Wait for Atlas, ten seconds at most."""
    end = time.monotonic() + 10
    while not ready():
        assert time.monotonic() < end, "the local Atlas did not get there"
        time.sleep(0.01)


def _profile(contact: Contact) -> NewIdentityProfile:
    return NewIdentityProfile(
        profile_name="Northwind",
        organization="Northwind Energy Ltd",
        company_number="01234567",
        street_address="1 Quay Street",
        locality="Falmouth",
        postal_code="TR11 3LH",
        country="GB",
        phone=contact.phone,
        contact_name=contact.name,
        contact_job_title=contact.job_title,
        contact_email=contact.email,
    )
