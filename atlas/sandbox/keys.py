"""Public keys and CSRs as clients send them: read, checked, fingerprinted.

What a policy allows is decided in hvca_request.py.
"""

from __future__ import annotations

import hashlib
import re

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
_BLOCK = re.compile(r"\s*-----BEGIN ([A-Z0-9 ]+)-----[A-Za-z0-9+/=\s]+-----END \1-----\s*")
_LABELS = {"PKCS10": ("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"), "PKCS8": ("PUBLIC KEY",)}


class BadKey(Exception):
    """The text is not what was asked for; the message is the reason."""


def read_csr(text: str) -> x509.CertificateSigningRequest:
    """One PEM block with a CSR whose self-signature is good. Raises BadKey."""
    _require_block(text, "PKCS10")
    try:
        csr = x509.load_pem_x509_csr(text.encode())
        good = csr.is_signature_valid
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise BadKey("invalid encoding") from None
    if not good:
        raise BadKey("invalid signature")
    return csr


def key_in_csr(csr: x509.CertificateSigningRequest) -> PublicKey:
    """The RSA or EC key of a CSR. Raises BadKey."""
    try:
        return _known(csr.public_key())
    except (ValueError, UnsupportedAlgorithm):
        raise BadKey("invalid encoding") from None


def read_public_key(text: str) -> PublicKey:
    """One PEM block with a SubjectPublicKeyInfo. Raises BadKey."""
    _require_block(text, "PKCS8")
    try:
        return _known(serialization.load_pem_public_key(text.encode()))
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise BadKey("invalid encoding") from None


def _require_block(text: str, key_format: str) -> None:
    found = _BLOCK.fullmatch(text)
    if found is None or found.group(1) not in _LABELS[key_format]:
        raise BadKey("invalid encoding")


def _known(key: object) -> PublicKey:
    if isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        return key
    raise BadKey("unsupported key type")


def spki(key: PublicKey) -> bytes:
    """DER SubjectPublicKeyInfo."""
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def spki_sha256(key: PublicKey) -> str:
    """Lower-case hexadecimal."""
    return hashlib.sha256(spki(key)).hexdigest()
