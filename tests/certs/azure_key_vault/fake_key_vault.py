"""Azure Key Vault as far as the portal needs it, over real TLS: Microsoft's package talks to it.

Paths and states are those of section 6.1 of the facts; what lies under a name, and the words of refusals, is in
entries.py. Keys come from x509_factories.py.
"""

import base64
import json
import re
import ssl
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.certs import x509_factories
from tests.certs.azure_key_vault import entries
from tests.certs.azure_key_vault.entries import Entry, Refused

OFFICER = frozenset({"certificates/create", "certificates/get", "secrets/get"})  # what the portal needs
ACTS = {"GET": "get", "POST": "create", "PATCH": "update", "DELETE": "update"}
REQUEST_ID = "0123456789abcdef0123456789abcdef"
CHALLENGE = {
    "WWW-Authenticate": 'Bearer authorization="https://login.microsoftonline.com/tenant", '
    'resource="https://vault.azure.net"'
}


class FakeKeyVault:
    """`with FakeKeyVault(folder) as vault:` gives `url`, `root`; `rights` by token, `entries` by name may be changed.

    `failing` runs before each answer and may raise Refused, or do what somebody else does meanwhile.
    """

    def __init__(self, folder: Path, key: str = "one") -> None:
        self.entries: dict[str, Entry] = {}
        self.deleted: set[str] = set()
        self.rights: dict[str, frozenset[str]] = {"token-of-the-portal": OFFICER}
        self.asked: list[tuple[str, str]] = []
        self.failing: Callable[[], None] = lambda: None
        self.key = key
        self.root = folder / "vault.pem"
        self._server = over_tls(type("OfThis", (Handler,), {"vault": self}), self.root)
        self.url = f"https://localhost:{self._server.server_port}"

    def __enter__(self) -> "FakeKeyVault":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *failed: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, address: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """What the vault says to a request whose sender may ask it."""
        parts = urlsplit(address)
        kind, name, *rest = parts.path.strip("/").split("/")
        if not re.fullmatch("[0-9a-zA-Z-]+", name):  # F17
            raise Refused(400, "BadParameter", entries.NAME.format(name=name))
        match (method, kind, rest):
            case ("POST", "certificates", ["create"]):
                return 202, self._create(name, body)
            case ("GET", "certificates", ["pending"]):
                return 200, self._pending(name, parse_qs(parts.query).get("request_id", [REQUEST_ID])[0])
            case ("PATCH", "certificates", ["pending"]):
                return 200, self._cancel(name)
            case ("DELETE", "certificates", ["pending"]):
                return 200, self._give_up(name)
            case ("POST", "certificates", ["pending", "merge"]):
                return 201, self._merge(name, body)
            case ("GET", "certificates", [] | [""]):
                return 200, self._certificate(name)
            case ("GET", "secrets", _):
                return 200, self._secret(name)
        raise Refused(404, "NotFound", "no such address")

    def _create(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        if name in self.deleted:
            raise Refused(409, "Conflict", entries.DELETED.format(name=name))
        there = self.entries.get(name)
        if there and there.pending and there.status == "inProgress":
            raise Refused(409, "Forbidden", entries.IN_PROGRESS)
        policy = body["policy"]
        if policy["x509_props"]["subject"] != "CN=onboarding_key":
            raise Refused(400, "BadParameter", entries.SUBJECT)
        key = x509_factories.rsa_key(self.key, policy["key_props"]["key_size"])
        self.entries[name] = Entry(policy, key, x509_factories.csr_der(key))
        return self._pending(name)

    def _waiting(self, name: str) -> Entry:
        entry = self.entries.get(name)
        if entry is None or not entry.pending:
            raise Refused(404, "PendingCertificateNotFound", entries.NO_PENDING.format(name=name))
        return entry

    def _pending(self, name: str, request_id: str = REQUEST_ID) -> dict[str, Any]:
        entry = self._waiting(name)
        if request_id != REQUEST_ID:
            raise Refused(404, "PendingCertificateNotFound", entries.NO_PENDING.format(name=name))
        return {
            "id": f"{self.url}/certificates/{name}/pending",
            "issuer": {"name": entry.issuer},
            "csr": base64.b64encode(entry.csr).decode(),
            "cancellation_requested": entry.status == "canceled",
            "status": entry.status,
            "status_details": "Pending certificate created. Please Perform Merge to complete the request.",
            "request_id": REQUEST_ID,
        }

    def _cancel(self, name: str) -> dict[str, Any]:
        entry = self._waiting(name)
        if entry.status != "inProgress":
            raise Refused(400, "BadParameter", "The pending certificate is not in progress.")
        entry.status = "canceled"
        return self._pending(name)

    def _give_up(self, name: str) -> dict[str, Any]:
        last = self._pending(name)
        self.entries[name].pending = False
        return last

    def _merge(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        entry = self._waiting(name)
        if entry.status != "inProgress":
            raise Refused(404, "PendingCertificateNotFound", entries.NO_PENDING.format(name=name))
        entry.merge(body["x5c"])
        return self._certificate(name)

    def _certificate(self, name: str) -> dict[str, Any]:
        return {"id": f"{self.url}/certificates/{name}/1", **self._kept(name, "certificate").shown()}

    def _secret(self, name: str) -> dict[str, Any]:
        entry = self._kept(name, "secret")
        entry.readable()
        return {
            "id": f"{self.url}/secrets/{name}/1",
            "value": base64.b64encode(entry.pfx()).decode(),
            "contentType": entry.policy["secret_props"]["contentType"],
            "attributes": {"enabled": True},
        }

    def _kept(self, name: str, kind: str) -> Entry:
        if name not in self.entries:
            words = entries.NOT_HERE.format(kind=kind, name=name)
            raise Refused(404, f"{kind.capitalize()}NotFound", words)
        return self.entries[name]


class Quiet(BaseHTTPRequestHandler):
    """A door that answers in JSON and prints nothing."""

    protocol_version = "HTTP/1.1"

    def read(self) -> bytes:
        """What was sent."""
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def send(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        """One answer."""
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *said: object) -> None:
        """Quiet: what was asked is in `asked`."""


class Handler(Quiet, BaseHTTPRequestHandler):
    """One request: first without a token, as the package asks it, then with one."""

    vault: FakeKeyVault

    def do_GET(self) -> None:
        self._do()

    def do_POST(self) -> None:
        self._do()

    def do_PATCH(self) -> None:
        self._do()

    def do_DELETE(self) -> None:
        self._do()

    def _do(self) -> None:
        body = json.loads(self.read() or b"{}")
        path = urlsplit(self.path).path
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if not token:
            self.send(401, {"error": {"code": "Unauthorized", "message": "AKV10000"}}, CHALLENGE)
            return
        self.vault.asked.append((self.command, path))
        try:
            self.vault.failing()
            self._allow(token, path)
            self.send(*self.vault.answer(self.command, self.path, body))
        except Refused as refused:
            self.send(refused.status, refused.body)

    def _allow(self, token: str, path: str) -> None:
        if token not in self.vault.rights:
            raise Refused(401, "Unauthorized", "AKV10032: Invalid issuer.")
        if f"{path.strip('/').split('/')[0]}/{ACTS[self.command]}" not in self.vault.rights[token]:
            raise Refused(403, "Forbidden", "Caller is not authorized to perform action on resource.")


def over_tls(handler: type[BaseHTTPRequestHandler], root: Path) -> ThreadingHTTPServer:
    """A server on a free port of localhost, whose certificate is its own authority, written to `root`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_identity(root))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return server


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
