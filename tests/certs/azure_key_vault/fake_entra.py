"""A stand-in for Microsoft Entra ID: the address of its token endpoint, and one answer of it, over real TLS.

Only what azure-identity asks when an app registration signs in with its secret.
"""

import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from tests.certs.azure_key_vault.fake_key_vault import Quiet, over_tls

REFUSED = (
    401,
    {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided."},
)
BUSY = (
    503,
    {"error": "temporarily_unavailable", "error_description": "AADSTS90033: A transient error has occurred."},
)
GIVEN = (200, {"access_token": "token-of-the-portal", "expires_in": 3600, "token_type": "Bearer"})


class FakeEntra:
    """`with FakeEntra(folder) as entra:` gives `url`, `root`; `says` is what the token endpoint answers."""

    def __init__(self, folder: Path) -> None:
        self.says: tuple[int, dict[str, object]] = GIVEN
        self.root = folder / "entra.pem"
        self._server = over_tls(type("OfThis", (TokenHandler,), {"entra": self}), self.root)
        self.url = f"https://localhost:{self._server.server_port}"

    def __enter__(self) -> "FakeEntra":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *failed: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class TokenHandler(Quiet, BaseHTTPRequestHandler):
    """Where to ask for a token, and the token."""

    entra: FakeEntra

    def do_GET(self) -> None:
        tenant = f"{self.entra.url}/tenant"
        there = {"authorization_endpoint": f"{tenant}/authorize", "token_endpoint": f"{tenant}/token"}
        self.send(200, {**there, "issuer": tenant})

    def do_POST(self) -> None:
        self.read()
        self.send(*self.entra.says)
