"""Issuers' certificates fetched from where a certificate says, over real HTTP; and every answer that is none.

What is made of them is in test_chain_completion.py.
"""

from __future__ import annotations

import contextlib
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
from tests.certs.x509_factories import intermediate, leaf, pem_of, root

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


def asked(publisher: Publisher, *urls: str) -> tuple[tuple[x509.Certificate, ...], bool]:
    """What the addresses have, and whether one of them is to be asked again."""
    return aia.fetch_issuers(naming(*urls), (publisher.host,))


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
    assert asked(publisher, url) == ((ISSUER,), False)


def test_of_several_addresses_two_are_asked_and_ocsp_is_none_of_them(publisher) -> None:
    urls = [publisher.serve(f"/{number}", b"nothing") for number in range(4)]
    assert asked(publisher, *urls) == ((), False)
    assert publisher.asked == ["/0", "/1"]
    ocsp = naming(publisher.serve("/ocsp", b""), method=AuthorityInformationAccessOID.OCSP)
    assert aia.fetch_issuers(ocsp, (publisher.host,)) == ((), False)
    assert "/ocsp" not in publisher.asked


def test_a_host_that_no_operator_named_is_not_asked(publisher) -> None:
    url = publisher.serve("/issuer.crt", pem_of(ISSUER))
    assert aia.fetch_issuers(naming(url), ("secure.globalsign.com",)) == ((), False)
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
    assert asked(publisher, url) == ((), False)
    assert publisher.asked == ["/issuer.crt"]


def test_a_proxy_of_the_environment_is_not_used(publisher, monkeypatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    url = publisher.serve("/issuer.crt", pem_of(ISSUER))
    assert asked(publisher, url) == ((ISSUER,), False)


@pytest.mark.parametrize("content", [b"", b"\x30\x82", b"<html>", pem_of(ISSUER) + b"x" * aia.MAX_BYTES])
def test_what_is_no_certificate_or_too_much_is_nothing(publisher, content: bytes) -> None:
    url = publisher.serve("/issuer.crt", content)
    assert asked(publisher, url) == ((), False)


def dripping(text: bytes, first: bytes = b"") -> Answer:
    """Sends `first`, then `text` byte by byte, each soon enough for a time limit between two bytes."""

    def drip(to: http.server.BaseHTTPRequestHandler) -> None:
        with contextlib.suppress(OSError):
            to.wfile.write(first)
            for byte in text:
                to.wfile.write(bytes([byte]))
                to.wfile.flush()
                time.sleep(0.1)
        to.close_connection = True

    return drip


DRIPS = {
    "content": dripping(b"x" * 90, b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n"),
    "content without a length": dripping(b"x" * 90, b"HTTP/1.1 200 OK\r\n\r\n"),
    "content in pieces": dripping(
        b"1\r\nx\r\n" * 15, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    ),
    "a header": dripping(b"x" * 90, b"HTTP/1.1 200 OK\r\nX-Slow: "),
    "the status": dripping(b"HTTP/1.1 200 OK" + b"x" * 75),
}


@pytest.mark.parametrize("what", DRIPS)
def test_an_answer_that_drips_is_let_go_and_asked_for_again(publisher, monkeypatch, what: str) -> None:
    monkeypatch.setattr(aia, "SECONDS", 0.5)
    publisher.answers["/drip"] = DRIPS[what]
    began = time.monotonic()
    assert asked(publisher, f"http://{publisher.host}/drip") == ((), True)
    assert 0.4 < time.monotonic() - began < 2


def test_several_addresses_end_together_at_the_time_given(publisher) -> None:
    publisher.answers["/drip"] = DRIPS["content"]
    url, began = f"http://{publisher.host}/drip", time.monotonic()
    assert aia.fetch_issuers(naming(url, url), (publisher.host,), began + 0.5) == ((), True)
    assert time.monotonic() - began < 2
    assert aia.fetch_issuers(naming(url), (publisher.host,), began) == ((), True)
    assert publisher.asked == ["/drip"]


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_who_is_busy_is_asked_again(publisher, status: int) -> None:
    assert asked(publisher, publisher.serve("/issuer.crt", b"later", status)) == ((), True)


@pytest.mark.parametrize("status", [204, 301, 400, 403, 404, 410])
def test_who_has_nothing_is_not(publisher, status: int) -> None:
    url = publisher.serve("/issuer.crt", b"<p>", status, **{"Content-Length": "3"})
    assert asked(publisher, url) == ((), False)


@pytest.mark.parametrize("text", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + pem_of(ISSUER)])
def test_an_answer_that_is_broken_off_is_asked_for_again(publisher, text: bytes) -> None:
    publisher.answers["/broken"] = dripping(b"", text)
    assert asked(publisher, f"http://{publisher.host}/broken") == ((), True)


def test_what_one_address_has_counts_though_the_other_is_away(publisher) -> None:
    away, here = publisher.serve("/busy", b"", 503), publisher.serve("/issuer.crt", pem_of(ISSUER))
    assert asked(publisher, away, here) == ((ISSUER,), True)


def test_nobody_there_is_to_be_asked_again() -> None:
    assert aia.fetch_issuers(naming("http://127.0.0.1:9/a"), ("127.0.0.1:9",)) == ((), True)
    assert aia.fetch_issuers(naming("http://nobody.invalid/a"), ("nobody.invalid",)) == ((), True)


def test_without_an_address_there_is_nobody_to_ask() -> None:
    assert aia.fetch_issuers(leaf(), ("127.0.0.1:9",)) == ((), False)


@pytest.mark.parametrize("port", ["0x", "99999", "-1"])
def test_an_address_that_is_none_is_nothing(port: str) -> None:
    host = f"127.0.0.1:{port}"
    assert aia.fetch_issuers(naming(f"http://{host}/a"), (host,)) == ((), False)


def test_a_certificate_with_parts_that_cannot_be_read_is_nothing(publisher) -> None:
    der = ISSUER.public_bytes(Encoding.DER)
    year = der.index(b"Z\x17\x0d") + 3
    url = publisher.serve("/issuer.crt", der[:year] + b"xxxxxxxxxxxx" + der[year + 12 :])
    assert asked(publisher, url) == ((), False)
