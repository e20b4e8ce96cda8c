"""A Certificate Admin in Atlas itself: what people do there when the portal has no account API.

The same local Atlas as everywhere; only nobody in the portal knows its account side.
"""

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from atlas.account import AccountApi
from atlas.account_types import Contact, IdentityProfileStatus, NewIdentityProfile, NewRegistration
from atlas.errors import NotReady, Rejected
from atlas.sandbox.server import Sandbox
from tests.journey.step_actions import organisation

PATIENCE = 20  # seconds


@dataclass
class AtlasUser:
    """One company's account in Atlas, from the registration to the certificate."""

    api: AccountApi
    account: str = ""
    profile: str = ""
    credential: str = ""

    def register(self, company: str, email: str) -> None:
        """GlobalSign's form, and the invitation."""
        contact = Contact("Alice Test", "Head of Data", email, "020 7946 0018")
        registration = NewRegistration(company, contact, None)
        self.account = self.api.register(registration, str(uuid4())).account_id
        self._soon(lambda: self.api.accept_invitation(self.account, "a password for Atlas"))

    def accept_the_quote(self) -> None:
        """Payment method, quotation, Master Services Agreement."""
        self.api.set_payment_method(self.account)
        self._soon(lambda: self.api.accept_quote(self.account))

    def request_the_profile(self, email: str) -> None:
        """The identity profile, up to Active."""
        wanted = NewIdentityProfile(**organisation(email))
        made = self._soon(
            lambda: self.api.request_identity_profile(self.account, wanted, f"profile-{self.account}")
        )
        self.profile = made.identity_profile_id
        self._soon(self._demand_active)

    def _demand_active(self) -> None:
        status = self.api.identity_profile(self.account, self.profile).status
        if status != IdentityProfileStatus.ACTIVE:
            raise Rejected(409, f"still {status}")

    def credentials(self) -> tuple[str, str, bytes]:
        """(API key, API secret, the CSV that Atlas gives once)."""
        made = self.api.generate_api_credential(self.account, "dip", self.profile, f"key-{self.account}")
        self.credential = made.api_credential_id
        csv = f"API Key,API Secret\r\n{made.api_key},{made.api_secret}\r\n"
        return made.api_key, made.api_secret, csv.encode()

    def certificate(self, csr: bytes) -> bytes:
        """The mTLS certificate with its issuers, as the page shows it."""
        order = self.api.order_mtls_certificate(
            self.account, csr.decode(), (self.credential,), f"cert-{self.account}"
        )
        issued = self._soon(lambda: self.api.mtls_certificate(self.account, order.serial))
        return (issued.certificate + "".join(issued.chain)).encode()

    def _soon(self, act: Callable[[], Any]) -> Any:
        """Atlas takes its time; a person tries again."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return act()
            except (NotReady, Rejected):
                assert time.monotonic() < end
                time.sleep(0.05)


def atlas_user(atlas: Sandbox) -> AtlasUser:
    """Atlas's account side, for a person and not for the portal."""
    return AtlasUser(AccountApi(atlas.account_url, atlas.account_token, atlas.root_path))


def run_as_shown(command: str, folder: Path, typed: str) -> str:
    """Run a command that a page shows, in `folder`, and type into it; what it printed."""
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, input=typed, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr
