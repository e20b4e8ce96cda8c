"""Azure Key Vault as far as the portal needs it, over real TLS: Microsoft's package talks to it.

Paths, states, codes and messages are those of section 6.1 and F10 to F19 of the facts. Keys come from makers.py.
"""

import base64
import json
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from certs.flavours import Flavour, build
from tests.certs import makers

OFFICER = frozenset({"certificates/create", "certificates/get", "secrets/get"})
IN_PROGRESS = (
    "A new key vault certificate can not be created or imported while a pending key vault certificate's status is "
    "inProgress."
)
DELETED = (
    "Certificate {name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, "
    "the certificate can only be recovered or purged."
)
OTHER_KEY = (
    "The public key of the end-entity certificate in the specified X.509 certificate content does not match the public "
    "part of the specified private key. Please check if certificate is valid"
)
CHALLENGE = {
    "WWW-Authenticate": 'Bearer authorization="https://login.microsoftonline.com/tenant", '
    'resource="https://vault.azure.net"'
}
ISSUER = "Merge is forbidden on pending object created with issuer : {name} while it is in progess."


class Refused(Exception):
    """An answer of the vault that is no success: status, code, message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.body = {"error": {"code": code, "message": message}}
        self.status = status


@dataclass
class Entry:
    """One certificate of the vault, waiting for its merge or complete."""

    policy: dict[str, Any]
    key: Any
    csr: bytes
    status: str = "inProgress"
    chain: list[x509.Certificate] = field(default_factory=list)


class StandIn:
    """`with StandIn(folder) as vault:` gives `url`, `root`; `rights` by token and `entries` by name may be changed."""

    def __init__(self, folder: Path, key: str = "one") -> None:
        self.entries: dict[str, Entry] = {}
        self.deleted: set[str] = set()
        self.rights: dict[str, frozenset[str]] = {"token-of-the-portal": OFFICER}
        self.asked: list[tuple[str, str]] = []
        self.failing: Callable[[], None] = lambda: None
        self.key = key
        self.root = folder / "vault.pem"
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("OfThis", (Handler,), {"vault": self}))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(_identity(self.root))
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"https://localhost:{self._server.server_port}"

    def __enter__(self) -> "StandIn":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *failed: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """What the vault says to a request whose sender may ask it."""
        kind, name, *rest = path.strip("/").split("/")
        match (method, kind, rest):
            case ("POST", "certificates", ["create"]):
                return 202, self._create(name, body)
            case ("GET", "certificates", ["pending"]):
                return 200, self._pending(name)
            case ("POST", "certificates", ["pending", "merge"]):
                return 201, self._merge(name, body)
            case ("GET", "certificates", []) | ("GET", "certificates", [""]):
                return 200, self._certificate(name)
            case ("GET", "secrets", _):
                return 200, self._secret(name)
        raise Refused(404, "NotFound", "no such address")

    def _create(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        if name in self.deleted:
            raise Refused(409, "Conflict", DELETED.format(name=name))
        if name in self.entries and self.entries[name].status == "inProgress":
            raise Refused(409, "Forbidden", IN_PROGRESS)
        policy = body["policy"]
        if policy["x509_props"]["subject"] != "CN=onboarding_key":
            raise Refused(400, "BadParameter", "The subject name provided is not a valid X500 name")
        key = makers.rsa_key(self.key, policy["key_props"]["key_size"])
        self.entries[name] = Entry(policy, key, makers.csr_der(key))
        return self._pending(name)

    def _pending(self, name: str) -> dict[str, Any]:
        entry = self.entries.get(name)
        if entry is None:
            raise Refused(404, "PendingCertificateNotFound", "PendingCertificateNotFound")
        return {
            "id": f"{self.url}/certificates/{name}/pending",
            "issuer": {"name": entry.policy.get("issuer", {}).get("name", "Unknown")},
            "csr": base64.b64encode(entry.csr).decode(),
            "cancellation_requested": False,
            "status": entry.status,
            "status_details": "Pending certificate created. Please Perform Merge to complete the request.",
            "request_id": "0123456789abcdef0123456789abcdef",
        }

    def _merge(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        entry = self.entries.get(name)
        if entry is None or entry.status != "inProgress":
            raise Refused(404, "PendingCertificateNotFound", "PendingCertificateNotFound")
        if (issuer := entry.policy.get("issuer", {}).get("name", "Unknown")) != "Unknown":
            raise Refused(403, "Forbidden", ISSUER.format(name=issuer))
        chain = [x509.load_der_x509_certificate(base64.b64decode(each)) for each in body["x5c"]]
        if chain[0].public_key() != entry.key.public_key():
            raise Refused(400, "BadParameter", OTHER_KEY)
        entry.chain, entry.status = chain, "completed"
        return self._certificate(name)

    def _certificate(self, name: str) -> dict[str, Any]:
        entry = self.entries.get(name)
        if entry is None:
            raise Refused(404, "CertificateNotFound", "CertificateNotFound")
        shown = {
            "id": f"{self.url}/certificates/{name}/1",
            "attributes": {"enabled": bool(entry.chain)},
            "policy": entry.policy,
        }
        if entry.chain:
            shown["cer"] = base64.b64encode(entry.chain[0].public_bytes(Encoding.DER)).decode()
        return shown

    def _secret(self, name: str) -> dict[str, Any]:
        entry = self.entries.get(name)
        if entry is None or not entry.chain:
            raise Refused(404, "SecretNotFound", "A secret with this name was not found in this key vault.")
        content = entry.policy["secret_props"]["contentType"]
        pfx = build(entry.key, entry.chain[0], tuple(entry.chain[1:]), Flavour.PASSWORDLESS, None)
        return {
            "id": f"{self.url}/secrets/{name}/1",
            "value": base64.b64encode(pfx).decode(),
            "contentType": content,
            "attributes": {"enabled": True},
        }


class Handler(BaseHTTPRequestHandler):
    """One request: first without a token, as the package asks it, then with one."""

    protocol_version = "HTTP/1.1"
    vault: StandIn

    def do_GET(self) -> None:
        self._do({})

    def do_POST(self) -> None:
        self._do(json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}"))

    def _do(self, body: dict[str, Any]) -> None:
        path = urlsplit(self.path).path
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if not token:
            self._send(401, {"error": {"code": "Unauthorized", "message": "AKV10000"}}, CHALLENGE)
            return
        self.vault.asked.append((self.command, path))
        try:
            self.vault.failing()
            self._allow(token, path)
            self._send(*self.vault.answer(self.command, path, body))
        except Refused as refused:
            self._send(refused.status, refused.body)

    def _allow(self, token: str, path: str) -> None:
        if token not in self.vault.rights:
            raise Refused(401, "Unauthorized", "AKV10032: Invalid issuer.")
        act = f"{path.strip('/').split('/')[0]}/{'create' if self.command == 'POST' else 'get'}"
        if act not in self.vault.rights[token]:
            raise Refused(403, "Forbidden", "Caller is not authorized to perform action on resource.")

    def _send(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *said: object) -> None:
        """Quiet: what was asked is in `asked`."""


def _identity(file: Path) -> Path:
    """Key and certificate of localhost, in one file that is its own authority too."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    issued = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(True, 0), critical=True)
        .sign(key, hashes.SHA256())
    )
    own = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(own + issued.public_bytes(Encoding.PEM))
    return file
