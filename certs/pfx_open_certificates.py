"""Writes a PFX anew with its certificates in clear, its key as it was: what a program finds that gives no password.

Java tells `null` from the empty password: with null it decrypts a key of the empty password, and leaves encrypted
certificates out. In clear it finds them. The portal's other kinds are written in pfx_encryption.py.
"""

import hmac
import os
from collections.abc import Sequence

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.views.decorators.debug import sensitive_variables

from certs.pfx_key_derivation import derive
from certs.tlv import CONTEXT_0, INTEGER, OCTET_STRING, OID, SEQUENCE, Tlv, read

_DATA = bytes.fromhex("2a864886f70d010701")
_CERTIFICATE_BAG = bytes.fromhex("2a864886f70d010c0a0103")
_X509 = bytes.fromhex("2a864886f70d01091601")
_SHA1 = bytes.fromhex("2b0e03021a")
_NULL = 0x05
_EMPTY_PASSWORD = b"\0\0"  # as RFC 7292 appendix B.1 spells it
_FOR_A_MAC, _SIZE = 3, 20  # RFC 7292 appendix B.3; bytes of SHA-1


@sensitive_variables()
def open_certificates(
    built: bytes, certificate: x509.Certificate, chain: Sequence[x509.Certificate], rounds: int
) -> bytes:
    """`built` (a PFX with the empty password, as the library writes it) with its certificates in clear, and a new MAC.

    RFC 7292 section 4 allows it: each ContentInfo is encrypted or is not. Raises StopIteration if it holds no key.
    """
    version, safe, _ = read(built).children()
    content = safe.children()[1].children()[0].octets()
    # The library keeps the locked key in a part of its own that is not encrypted once more.
    key_part = next(part for part in read(content).children() if part.children()[0].content == _DATA)
    key_bag = read(key_part.children()[1].children()[0].octets()).children()[0]
    attributes = key_bag.children()[2].der()  # name and localKeyID: the certificate's are the same
    bags = [_bag(certificate, attributes), *(_bag(each) for each in chain)]
    opened = _sequence(_info(_sequence(*bags)), key_part.der())
    return _sequence(version.der(), _info(opened), _mac(opened, rounds))


def _bag(certificate: x509.Certificate, attributes: bytes = b"") -> bytes:
    der = _write(OCTET_STRING, certificate.public_bytes(Encoding.DER))
    inside = _sequence(_write(OID, _X509), _write(CONTEXT_0, der))
    return _sequence(_write(OID, _CERTIFICATE_BAG), _write(CONTEXT_0, inside), attributes)


def _info(content: bytes) -> bytes:
    """ContentInfo of the type data."""
    return _sequence(_write(OID, _DATA), _write(CONTEXT_0, _write(OCTET_STRING, content)))


def _mac(content: bytes, rounds: int) -> bytes:
    salt = os.urandom(8)
    key = derive("sha1", _EMPTY_PASSWORD, salt, rounds, _FOR_A_MAC, _SIZE)
    algorithm = _sequence(_write(OID, _SHA1), _write(_NULL, b""))
    digest = _sequence(algorithm, _write(OCTET_STRING, hmac.digest(key, content, "sha1")))
    number = rounds.to_bytes(rounds.bit_length() // 8 + 1, "big")
    return _sequence(digest, _write(OCTET_STRING, salt), _write(INTEGER, number))


def _sequence(*parts: bytes) -> bytes:
    return _write(SEQUENCE, b"".join(parts))


def _write(tag: int, content: bytes) -> bytes:
    return Tlv(tag, content, len(content)).der()
