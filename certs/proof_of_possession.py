"""Proof that somebody has a certificate's private key: a signature over words that name one case and one file.

The browser makes it (static/src/bundles/), so the key itself is never sent; nothing here sees a key.
"""

from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey


@dataclass(frozen=True)
class BuiltPfx:
    """What a browser says of a PFX that it built: its fingerprint, and a signature made with its key."""

    sha256: str
    signature: bytes


def proves_possession(certificate: x509.Certificate, signature: bytes, words: str) -> bool:
    """Whether the certificate's key has signed exactly these words (RSASSA-PKCS1-v1_5 with SHA-256, RFC 8017)."""
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        return False
    try:
        key.verify(signature, words.encode(), padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True
