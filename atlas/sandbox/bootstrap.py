"""What the folder of a local Atlas holds for its clients: the first client credential, and where everything is.

The credential belongs to an account of its own that has been through everything.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from atlas.sandbox import credentials, files, identity, mtls, registration
from atlas.sandbox.app_state import AppState
from atlas.sandbox.ca import serial_text

COMPANY = "Harbour Lantern Energy Ltd"
CONTACT = {
    "name": "Sandbox Operator",
    "job_title": "Operator of the local Atlas",
    "email": "operator@atlas.example",
    "phone": "+44 1326 000000",
}
PROFILE = {
    "profile_name": COMPANY,
    "organization": COMPANY,
    "company_number": "00000001",
    "street_address": "1 Quay Street",
    "locality": "Falmouth",
    "postal_code": "TR11 3LH",
    "country": "GB",
    "phone": CONTACT["phone"],
    "contact_name": CONTACT["name"],
    "contact_job_title": CONTACT["job_title"],
    "contact_email": CONTACT["email"],
}


@dataclass(frozen=True)
class Addresses:
    """Where the three listeners are."""

    hvca: str
    account: str
    pages: str


def account_token(directory: Path) -> str:
    """The bearer token of the account API: the one in account.json, or a new one."""
    token = files.read_json(directory / "account.json").get("token")
    return token if isinstance(token, str) and token else secrets.token_urlsafe(32)


def write_account_file(directory: Path, addresses: Addresses, token: str) -> None:
    """account.json: what the portal needs for the account API; account.token: the token alone, for containers."""
    files.write_json(
        directory / "account.json",
        {
            "url": addresses.account,
            "token": token,
            "root_file": str(directory / "root.pem"),
            "pages_url": addresses.pages,
        },
    )
    files.write(directory / "account.token", token.encode(), secret=True)


def write_client_files(state: AppState, directory: Path, addresses: Addresses) -> None:
    """client.json in the form that hvclient reads, with client.pem and client.key; made once, its address each time."""
    stored = files.read_json(directory / "client.json")
    key, secret = str(stored.get("api_key")), str(stored.get("api_secret"))
    if not _still_good(state, directory, key, secret):
        key, secret = _make_client(state, directory)
    files.write_json(
        directory / "client.json",
        {
            "url": addresses.hvca,
            "api_key": key,
            "api_secret": secret,
            "cert_file": str(directory / "client.pem"),
            "key_file": str(directory / "client.key"),
        },
    )


def _still_good(state: AppState, directory: Path, api_key: str, api_secret: str) -> bool:
    try:
        certificate = x509.load_pem_x509_certificate((directory / "client.pem").read_bytes())
    except (OSError, ValueError):
        return False
    with state.store.transaction() as db:
        credential = credentials.by_key(db, api_key)
        return (
            credential is not None
            and (directory / "client.key").exists()
            and credentials.secret_fits(credential, api_secret)
            and credentials.is_bound(db, credential, serial_text(certificate.serial_number))
        )


def _make_client(state: AppState, directory: Path) -> tuple[str, str]:
    """A new credential with a bound client certificate; key and secret of the API."""
    private = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "first client of the local Atlas")])
    with state.store.transaction():
        account_id = _operator_account(state)
        profile_id = identity.of_account(state, account_id)[0]["identity_profile_id"]
        made = credentials.insert(state, account_id, profile_id, f"first_client_{secrets.token_hex(4)}")
        now, bound_to = state.clock.now(), [made["api_credential_id"]]
        serial = mtls.insert(state, account_id, subject, private.public_key(), bound_to, now)
        certificate = mtls.get(state, account_id, serial)
    assert certificate is not None
    files.write(directory / "client.key", _pkcs1(private), secret=True)
    files.write(directory / "client.pem", certificate["certificate"].encode(), secret=False)
    return made["api_key"], made["api_secret"]


def _pkcs1(key: rsa.RSAPrivateKey) -> bytes:
    """RSA PRIVATE KEY: GlobalSign's Go client reads nothing else before its version 1.5.0."""
    form = serialization.PrivateFormat.TraditionalOpenSSL
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def _operator_account(state: AppState) -> str:
    """The account of the first client, already accepted, quoted and verified."""
    found = registration.find(state, CONTACT["email"])
    if found:
        return str(found[0]["account_id"])
    now = state.clock.now()
    account_id = registration.register(state, {"company_name": COMPANY, "contact": CONTACT})
    with state.store.transaction() as db:
        db.execute("DELETE FROM email WHERE account_id = ?", (account_id,))
        db.execute(
            "UPDATE account SET invitation_at = ?1, accepted_at = ?1, payment_at = ?1, quote_ready_at = ?1,"
            " quote_accepted_at = ?1, identity_ready_at = ?1 WHERE account_id = ?2",
            (now, account_id),
        )
        identity.insert(db, account_id, PROFILE, now, now, identity.ACTIVE)
    return account_id
