"""A server that demands a client certificate and knows the root only: who is let in has sent the issuer, too."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from tests.certs.x509_factories import common, ec_key, key_pem, pem_of, root


@dataclass
class Server:
    """Its address, its certificate (which clients must trust), and each visitor's certificate in DER."""

    url: str
    trusted: Path
    visitors: list[bytes] = field(default_factory=list)


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.visitors.append(self.connection.getpeercert(binary_form=True))  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Nothing: refused visitors are a part of the tests."""


class _Server(HTTPServer):
    visitors: list[bytes]

    def handle_error(self, *words: object) -> None:
        """Nothing, as above."""


@contextmanager
def serve(folder: Path) -> Iterator[Server]:
    """It serves one visitor after the other until the block ends."""
    certificate, key = folder / "server.pem", folder / "server.key"
    certificate.write_bytes(pem_of(_certificate()))
    key.write_bytes(key_pem(ec_key("server")))
    (folder / "root.pem").write_bytes(pem_of(root().certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.load_verify_locations(folder / "root.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    web = _Server(("127.0.0.1", 0), _Handler)
    server = Server(f"https://localhost:{web.server_port}/", certificate)
    web.visitors = server.visitors
    web.socket = context.wrap_socket(web.socket, server_side=True)
    thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        web.shutdown()
        thread.join()
        web.server_close()


def _certificate() -> x509.Certificate:
    """Of localhost, signed by itself."""
    key, name, now = ec_key("server"), common("localhost"), datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(7).not_valid_before(now - timedelta(hours=1))
    builder = builder.not_valid_after(now + timedelta(days=2))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(True, None), critical=True)
    return builder.sign(key, hashes.SHA256())
