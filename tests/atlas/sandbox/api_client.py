"""Calls to a local Atlas with plain requests, and the way of a company through the account API.

Not here: the portal's own client, which must not be able to hide a mistake of the local Atlas.
"""

import json
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from atlas.sandbox.server import Sandbox
from tests.atlas.sandbox.contract import judge

T = TypeVar("T")
PROBLEM = "application/problem+json;charset=utf-8"
JSON = "application/json;charset=utf-8"
CONTACT = {
    "name": "Alice Archer",
    "job_title": "Certificate Admin",
    "email": "alice@northwind.example",
    "phone": "+44 20 7946 0001",
}
PROFILE = {
    "profile_name": "Northwind",
    "organization": "Northwind Energy Ltd",
    "company_number": "01234567",
    "street_address": "1 High Street",
    "locality": "London",
    "postal_code": "EC1A 1AA",
    "country": "GB",
    "phone": "+44 20 7946 0000",
    "contact_name": "Alice Archer",
    "contact_job_title": "Certificate Admin",
    "contact_email": "alice@northwind.example",
}


def until(look: Callable[[], T], good: Callable[[T], bool]) -> T:
    """Look again until it is good; fails after ten seconds."""
    end = time.monotonic() + 10
    while True:
        seen = look()
        if good(seen):
            return seen
        assert time.monotonic() < end, f"still {seen}"
        time.sleep(0.01)


@cache
def rsa_key(bits: int = 2048, number: int = 0) -> rsa.RSAPrivateKey:
    """A key; the same for the same number, because they take time to make."""
    return rsa.generate_private_key(65537, bits)


def csr_of(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, name: str = "onboarding_key") -> str:
    """A CSR in PEM."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return request.public_bytes(serialization.Encoding.PEM).decode()


def pem_of_key(key: rsa.RSAPrivateKey) -> bytes:
    """PKCS#8."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def session(sandbox: Sandbox, cert: tuple[Path, Path] | None = None) -> requests.Session:
    """A session that trusts the sandbox's root and nothing of the environment."""
    made = requests.Session()
    made.trust_env = False
    made.verify = str(sandbox.root_path)
    made.cert = (str(cert[0]), str(cert[1])) if cert else None
    return made


class Account:
    """The account API of a sandbox. Every answer is judged by the contract."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.session = session(sandbox)
        self.session.headers["Authorization"] = f"Bearer {sandbox.account_token}"

    def call(self, method: str, path: str, body: object = None, **more: Any) -> requests.Response:
        """One call. `path` is a template; the values of its names are keyword arguments."""
        names = {name: more.pop(name) for name in list(more) if f"{{{name}}}" in path}
        address = self.sandbox.account_url + path.format(**names)
        answer = self.session.request(method, address, json=body, timeout=10, allow_redirects=False, **more)
        judge(method, path, answer)
        return answer

    def get(self, path: str, **names: Any) -> Any:
        """The document of a GET that must succeed."""
        answer = self.call("GET", path, **names)
        assert answer.status_code == 200, answer.text
        return answer.json()


class Company:
    """One company on its way through the account API."""

    ONE = "/accounts/{account_id}"

    def __init__(self, api: Account, name: str = "Northwind Energy", **more: Any) -> None:
        self.api = api
        body = {"company_name": name, "contact": CONTACT, **more}
        answer = api.call("POST", "/registrations", body)
        assert answer.status_code == 201, answer.text
        self.id: str = answer.json()["account_id"]

    def call(self, method: str, path: str, body: object = None, **more: Any) -> requests.Response:
        """A call below the account."""
        return self.api.call(method, self.ONE + path, body, account_id=self.id, **more)

    def get(self, path: str = "", **names: Any) -> Any:
        """The document of a GET below the account."""
        return self.api.get(self.ONE + path, account_id=self.id, **names)

    def must(self, method: str, path: str, body: object) -> requests.Response:
        """A call that must succeed."""
        answer = self.call(method, path, body)
        assert answer.ok, answer.text
        return answer

    def invited(self) -> "Company":
        """Wait for the invitation and accept it."""
        until(self.get, lambda account: account["invitation"]["status"] == "SENT")
        self.must("POST", "/invitation/accept", {"password": "correct horse"})
        return self

    def quoted(self) -> "Company":
        """Up to the quote that can be accepted."""
        self.invited().must("POST", "/payment-method", {"kind": "INVOICE"})
        until(self.get, lambda account: account["quote"]["status"] == "READY")
        return self

    def ready(self) -> "Company":
        """Up to the identity profile that can be requested."""
        self.quoted().must("POST", "/quote/accept", {"quotation": True, "msa": True})
        until(self.get, lambda account: account["identity_request"]["status"] == "READY")
        return self

    def submit(self) -> str:
        """Send an identity profile; its id."""
        identifier = self.must("POST", "/identity-profiles", PROFILE).json()["identity_profile_id"]
        assert isinstance(identifier, str)
        return identifier

    def profile(self, identifier: str) -> Any:
        """One identity profile."""
        return self.get("/identity-profiles/{identity_profile_id}", identity_profile_id=identifier)

    def verified(self) -> str:
        """Up to an active identity profile; its id."""
        identifier = self.ready().submit()
        until(lambda: self.profile(identifier), lambda profile: profile["status"] == "Active")
        return identifier

    def credential(self, identifier: str, name: str = "onboarding") -> dict[str, str]:
        """An API credential with its secret."""
        body = {"name": name, "identity_profile_id": identifier, "service": "Internet SSL"}
        made = self.must("POST", "/api-credentials", body).json()
        assert isinstance(made, dict)
        return made

    def certificate(self, credential_ids: list[str], key: rsa.RSAPrivateKey) -> Any:
        """An mTLS certificate, collected."""
        body = {"csr": csr_of(key), "api_credential_ids": credential_ids}
        serial = self.must("POST", "/mtls-certificates", body).json()["serial"]
        return until(lambda: self.look_at(serial), lambda answer: answer.status_code == 200).json()

    def look_at(self, serial: str) -> requests.Response:
        """Try to collect an mTLS certificate."""
        return self.call("GET", "/mtls-certificates/{serial}", serial=serial)


class Hvca:
    """HVCA of a sandbox, signed in with a key, a secret and a client certificate."""

    def __init__(
        self,
        sandbox: Sandbox,
        credential: dict[str, str] | None = None,
        cert: tuple[Path, Path] | None = None,
    ) -> None:
        folder = sandbox.directory
        self.sandbox = sandbox
        self.credential = credential or json.loads((folder / "client.json").read_text())
        self.session = session(sandbox, cert or (folder / "client.pem", folder / "client.key"))

    def login(self, **changes: Any) -> requests.Response:
        """Sign in; the token is used from then on."""
        body = {name: self.credential[name] for name in ("api_key", "api_secret")} | changes
        answer = self.call("POST", "/login", body)
        if answer.ok:
            self.session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return answer

    def call(self, method: str, path: str, body: object = None, **more: Any) -> requests.Response:
        """One call."""
        if body is not None:
            more.setdefault("data", json.dumps(body))
            more["headers"] = {"Content-Type": JSON, **more.get("headers", {})}
        address = self.sandbox.url + path
        return self.session.request(method, address, timeout=10, allow_redirects=False, **more)

    def issued(self, body: object) -> Any:
        """Issue a certificate and collect it."""
        answer = self.call("POST", "/certificates", body)
        assert answer.status_code == 201, answer.text
        path = answer.headers["Location"].removeprefix("/v2")
        return until(lambda: self.call("GET", path), lambda found: found.status_code == 200).json()


def refused(answer: requests.Response, status: int, description: str) -> None:
    """Fails unless this is the refusal."""
    assert (answer.status_code, answer.json()) == (status, {"description": description})
    assert answer.headers["Content-Type"] == PROBLEM


def wanted(**changes: Any) -> dict[str, Any]:
    """A certificate request that the sandbox's policy for CSRs allows."""
    return {
        "validity": {"not_before": int(time.time())},
        "subject_dn": {"common_name": "dip.northwind.example"},
        "san": {"dns_names": ["dip.northwind.example"]},
        "key_usages": {"key_encipherment": True},
        "extended_key_usages": ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"],
        "public_key": csr_of(rsa_key()),
    } | changes
