"""Issuers' certificates from where a certificate says that they are (RFC 5280 section 4.2.2.1, caIssuers).

For workers only. The address comes from outside: only hosts that an operator names are asked, over plain HTTP as AIA
means it, and what comes is believed only when chain.py has verified that it signed.
"""

import socket
import time
from collections.abc import Iterator
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, InvalidURL
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import AuthorityInformationAccessOID

MAX_BYTES = 64 * 1024
MAX_ADDRESSES = 2  # of one certificate
SECONDS = 5.0  # for one address as a whole; only looking up its name has the system's own limit
BUSY = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)


class Answer(NamedTuple):
    """What the addresses have; `again`: one of them could not be reached or was busy, so asking later may give more."""

    certificates: tuple[x509.Certificate, ...]
    again: bool


class Unavailable(Exception):
    """An address did not answer, not wholly, not in time, or said that it is busy."""


def fetch_issuers(
    certificate: x509.Certificate, hosts: tuple[str, ...], until: float | None = None
) -> Answer:
    """What its addresses hold, as far as they lie on `hosts` (`name` or `name:port`).

    `until` (of time.monotonic()) ends it all; without it each address has its SECONDS.
    """
    found: list[x509.Certificate] = []
    again = False
    for url in [each for each in addresses(certificate) if is_allowed(each, hosts)][:MAX_ADDRESSES]:
        end = time.monotonic() + SECONDS
        try:
            found += _read(_fetch(url, min(end, until) if until is not None else end))
        except Unavailable:
            again = True
    return Answer(tuple(found), again)


def addresses(certificate: x509.Certificate) -> Iterator[str]:
    """The caIssuers addresses."""
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return
    for each in access:
        of_issuer = each.access_method == AuthorityInformationAccessOID.CA_ISSUERS
        if of_issuer and isinstance(each.access_location, x509.UniformResourceIdentifier):
            yield each.access_location.value


def is_allowed(url: str, hosts: tuple[str, ...]) -> bool:
    """Plain HTTP to exactly one of the hosts, nothing before it and no other port."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "http" and parts.netloc.lower() in hosts and url.isascii() and url.isprintable()


class _InTime(socket.socket):
    """A socket whose reads all end at one moment: a socket's own timeout starts again with every byte that drips."""

    until = 0.0

    def recv_into(self, *args: Any, **named: Any) -> int:
        """As socket.recv_into(), with what is left of the time. http.client reads by nothing else."""
        self.settimeout(_left(self.until))
        return super().recv_into(*args, **named)


class _Connection(HTTPConnection):
    """Neither proxies nor redirects: http.client knows none."""

    def __init__(self, host: str, port: int, until: float) -> None:
        super().__init__(host, port)
        self.until = until

    def connect(self) -> None:
        """Try the host's addresses in turn, all in the one time."""
        failed: OSError = ConnectionError("the name has no address")
        for family, *_, place in socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM):
            try:
                self.sock = self._connect(family, place)
            except OSError as error:
                failed = error
            else:
                return
        raise failed

    def _connect(self, family: int, place: Any) -> _InTime:
        sock = _InTime(family, socket.SOCK_STREAM)
        sock.until = self.until
        try:
            sock.settimeout(_left(self.until))
            sock.connect(place)
        except OSError:
            sock.close()
            raise
        return sock


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _fetch(url: str, until: float) -> bytes:
    """The answer, or nothing if it is no plain success of a bearable size. Raises Away."""
    parts = urlsplit(url)
    try:
        connection = _Connection(parts.hostname or "", parts.port or 80, until)
    except (ValueError, InvalidURL):
        return b""
    try:
        _left(until)
        connection.request("GET", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        return _content(connection.getresponse())
    except (InvalidURL, UnicodeError):
        return b""
    except (HTTPException, OSError):
        raise Unavailable from None
    finally:
        connection.close()


def _content(answer: HTTPResponse) -> bytes:
    if answer.status in BUSY or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Unavailable
    if answer.status != HTTPStatus.OK:
        return b""
    content = answer.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        return b""
    if answer.length:  # what is left of Content-Length: read(n) says nothing when the rest does not come
        raise Unavailable
    return content


def _read(content: bytes) -> list[x509.Certificate]:
    """DER, PKCS#7 (RFC 5280 names both) or PEM, which some serve; nothing if it is none of them."""
    for reader in (_parse_certificate, pkcs7.load_der_pkcs7_certificates, x509.load_pem_x509_certificates):
        try:
            return [each for each in reader(content) if _is_readable(each)]
        except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion):
            continue
    return []


def _parse_certificate(content: bytes) -> list[x509.Certificate]:
    return [x509.load_der_x509_certificate(content)]


def _is_readable(certificate: x509.Certificate) -> bool:
    """Whether every part can be read that chain.py looks at: cryptography reads some of them only when asked."""
    try:
        _ = certificate.subject, certificate.issuer, certificate.extensions
        _ = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    except (ValueError, x509.DuplicateExtension, UnsupportedAlgorithm):
        return False
    return True
