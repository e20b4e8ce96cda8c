"""Issuers' certificates from where a certificate says that they are (RFC 5280 section 4.2.2.1, caIssuers).

For workers only. The address comes from outside: only hosts that an operator names are asked, over plain HTTP as AIA
means it, and what comes is believed only when chain.py has verified that it signed.
"""

import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import requests
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import AuthorityInformationAccessOID

MAX_BYTES = 64 * 1024
MAX_ADDRESSES = 2  # of one certificate
SECONDS = 5.0  # to connect, between two bytes, and for one answer as a whole


def issuers_of(certificate: x509.Certificate, hosts: tuple[str, ...]) -> tuple[x509.Certificate, ...]:
    """What its addresses hold, as far as they lie on `hosts` (`name` or `name:port`) and answer; else nothing."""
    found: list[x509.Certificate] = []
    for url in [each for each in addresses(certificate) if is_allowed(each, hosts)][:MAX_ADDRESSES]:
        content = _fetched(url)
        found += _read(content) if content else []
    return tuple(found)


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


def _fetched(url: str) -> bytes | None:
    """The answer, or None for whatever is no plain success of a bearable size in time."""
    until, content = time.monotonic() + SECONDS, b""
    with requests.Session() as session:
        session.trust_env = False  # neither proxies nor a .netrc
        try:
            with session.get(url, timeout=SECONDS, allow_redirects=False, stream=True) as answer:
                if answer.status_code != requests.codes.ok:
                    return None
                for piece in answer.iter_content(4096):
                    content += piece
                    if len(content) > MAX_BYTES or time.monotonic() > until:
                        return None
        except (requests.RequestException, OSError, ValueError):
            return None
    return content


def _read(content: bytes) -> list[x509.Certificate]:
    """DER, PKCS#7 (RFC 5280 names both) or PEM, which some serve; nothing if it is none of them."""
    for reader in (_one, pkcs7.load_der_pkcs7_certificates, x509.load_pem_x509_certificates):
        try:
            return reader(content)
        except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion):
            continue
    return []


def _one(content: bytes) -> list[x509.Certificate]:
    return [x509.load_der_x509_certificate(content)]
