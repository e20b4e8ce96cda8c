"""Issuers' certificates fetched from where a certificate says, over real HTTP; and every answer that is none.

What is made of them is in test_completion.py.
"""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import AuthorityInformationAccessOID

from certs import aia
from tests.certs.makers import intermediate, leaf, pem_of, root

ISSUER, ROOT = intermediate().certificate, root().certificate
Answer = Callable[[http.server.BaseHTTPRequestHandler], None]


class Publisher:
    """`addresses` of what it serves; `asked` tells which were."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        ours = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                ours.asked.append(self.path)
                ours.answers[self.path](self)

            def log_message(self, *said: object) -> None:
                """Quiet."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def serve(self, path: str, content: bytes, status: int = 200, **headers: str) -> str:
        def answer(to: http.server.BaseHTTPRequestHandler) -> None:
            to.send_response(status)
            for name, value in headers.items():
                to.send_header(name, value)
            to.end_headers()
            to.wfile.write(content)

        self.answers[path] = answer
        return f"http://{self.host}{path}"


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    running = Publisher()
    yield running
    running.server.shutdown()
    running.server.server_close()


def naming(
    *urls: str, method: x509.ObjectIdentifier = AuthorityInformationAccessOID.CA_ISSUERS
) -> x509.Certificate:
    """A certificate of the test's issuer that names these addresses."""
    subject = leaf(bits=2048)
    access = [x509.AccessDescription(method, x509.UniformResourceIdentifier(url)) for url in urls]
    return (
        x509.CertificateBuilder()
        .subject_name(subject.subject)
        .issuer_name(subject.issuer)
        .public_key(subject.public_key())  # type: ignore[arg-type]
        .serial_number(x509.random_serial_number())
        .not_valid_before(subject.not_valid_before_utc)
        .not_valid_after(subject.not_valid_after_utc)
        .add_extension(x509.AuthorityInformationAccess(access), critical=False)
        .sign(intermediate().key, hashes.SHA256())
    )


@pytest.mark.parametrize(
    "content",
    [
        ISSUER.public_bytes(Encoding.DER),
        pem_of(ISSUER),
        pkcs7.serialize_certificates([ISSUER], Encoding.DER),
    ],
    ids=["DER", "PEM", "PKCS#7"],
)
def test_each_form_is_read(publisher, content: bytes) -> None:
    url = publisher.serve("/issuer.crt", content)
    assert aia.issuers_of(naming(url), (publisher.host,)) == (ISSUER,)


def test_of_several_addresses_two_are_asked_and_ocsp_is_none_of_them(publisher) -> None:
    urls = [publisher.serve(f"/{number}", b"nothing") for number in range(4)]
    assert aia.issuers_of(naming(*urls), (publisher.host,)) == ()
    assert publisher.asked == ["/0", "/1"]
    ocsp = naming(publisher.serve("/ocsp", b""), method=AuthorityInformationAccessOID.OCSP)
    assert aia.issuers_of(ocsp, (publisher.host,)) == ()
    assert "/ocsp" not in publisher.asked


def test_a_host_that_no_operator_named_is_not_asked(publisher) -> None:
    url = publisher.serve("/issuer.crt", pem_of(ISSUER))
    assert aia.issuers_of(naming(url), ("secure.globalsign.com",)) == ()
    assert publisher.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "https://good.example/a",
        "ftp://good.example/a",
        "file:///etc/passwd",
        "ldap://good.example/cn=a",
        "http://good.example:8080/a",
        "http://me@good.example/a",
        "http://good.example@evil.example/a",
        "http://evil.example/good.example",
        "http://good.example.evil.example/a",
        "http://good.example\\@evil.example/a",
        "http://[::1]/a",
        "http://[good.example/a",
        "http://good.example/a\r\nX: y",
        "//good.example/a",
        "",
    ],
)
def test_nothing_but_plain_http_to_the_host_itself_is_allowed(url: str) -> None:
    assert aia.is_allowed("http://good.example/a", ("good.example",))
    assert aia.is_allowed("http://GOOD.example/a", ("good.example",))
    assert not aia.is_allowed(url, ("good.example",))


def test_a_redirect_is_not_followed(publisher) -> None:
    publisher.serve("/inside", pem_of(ISSUER))
    url = publisher.serve("/issuer.crt", b"", 302, Location=f"http://{publisher.host}/inside")
    assert aia.issuers_of(naming(url), (publisher.host,)) == ()
    assert publisher.asked == ["/issuer.crt"]


def test_a_proxy_of_the_environment_is_not_used(publisher, monkeypatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    url = publisher.serve("/issuer.crt", pem_of(ISSUER))
    assert aia.issuers_of(naming(url), (publisher.host,)) == (ISSUER,)


@pytest.mark.parametrize("content", [b"", b"\x30\x82", b"<html>", pem_of(ISSUER) + b"x" * aia.MAX_BYTES])
def test_what_is_no_certificate_or_too_much_is_nothing(publisher, content: bytes) -> None:
    url = publisher.serve("/issuer.crt", content)
    assert aia.issuers_of(naming(url), (publisher.host,)) == ()


def test_an_answer_that_drips_is_let_go(publisher, monkeypatch) -> None:
    monkeypatch.setattr(aia, "SECONDS", 0.5)

    def drip(to: http.server.BaseHTTPRequestHandler) -> None:
        to.send_response(200)
        to.end_headers()
        for _ in range(100):
            try:
                to.wfile.write(b"x" * 5000)
                to.wfile.flush()
            except OSError:
                return
            time.sleep(0.1)

    publisher.answers["/drip"] = drip
    began = time.monotonic()
    assert aia.issuers_of(naming(f"http://{publisher.host}/drip"), (publisher.host,)) == ()
    assert time.monotonic() - began < 5


def test_nobody_there_is_nothing() -> None:
    assert aia.issuers_of(naming("http://127.0.0.1:9/a"), ("127.0.0.1:9",)) == ()
    assert aia.issuers_of(leaf(), ("127.0.0.1:9",)) == ()
