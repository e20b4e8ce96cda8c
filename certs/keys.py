"""Public keys: their fingerprint, and whether a key is what the DIP asks for (R43, R46: RSA, 4096 bits).

Private keys are made in csr.py and packed in pfx.py.
"""

import hashlib

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import Certificate, CertificateSigningRequest

BITS = 4096  # R43, R46; Atlas itself would take 2048 (T5)
EXPONENT = 65537
SHORT = 16  # characters of a fingerprint that a sentence shows

PublicKey = CertificatePublicKeyTypes
Holder = Certificate | CertificateSigningRequest


def spki_sha256(key: PublicKey) -> str:
    """SHA-256 of the DER SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7), lower-case hex: names a key pair."""
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def public_key(holder: Holder) -> PublicKey | None:
    """The public key in a CSR or certificate; None if it is of a kind or size that cannot be read."""
    try:
        return holder.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return None


def kind_in_words(key: PublicKey | None) -> str:
    """How a sentence names a key that is not RSA."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"an elliptic-curve key ({key.curve.name})"
    if isinstance(key, dsa.DSAPublicKey):
        return "a DSA key"
    if isinstance(key, rsa.RSAPublicKey):
        return f"an RSA key of {key.key_size} bits"
    return "of a kind that nobody here can read"


def weak_hash(holder: Holder) -> str | None:
    """MD5 or SHA-1 if the holder is signed with it; None if the hash is sound or unknown."""
    try:
        algorithm = holder.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return None
    return {"md5": "MD5", "sha1": "SHA-1"}.get(algorithm.name) if algorithm else None
