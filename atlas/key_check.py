"""The subject's public key on its way to HVCA: proof that its private key is ours, and what HVCA says of it.
Not here: making or keeping keys. A proof is needed for PKCS8 policies; a CSR proves itself.
"""

import base64
import binascii
import re
from collections.abc import Iterator

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from atlas.policy_rules import PolicyViolation, Reason
from atlas.policy_types import KeyFormat, KeyType, Presence, ValidationPolicy

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
_BLOCK = re.compile(r"\s*-----BEGIN ([A-Z0-9 ]+)-----[A-Za-z0-9+/=\s]+-----END \1-----\s*")
_CSR_LABELS = ("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST")
_UNREADABLE = (ValueError, TypeError, UnsupportedAlgorithm)


class _InvalidKey(Exception):
    """A key is not what it should be: HVCA's reason, and what it adds to it."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


def public_key_pem(key: PrivateKey) -> str:
    """The public half as HVCA wants it under a PKCS8 policy: PEM `PUBLIC KEY`."""
    public = key.public_key()
    return public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def proof_of_possession(key: PrivateKey) -> str:
    """The `public_key_signature` of a request: the subject's key signs its own DER SubjectPublicKeyInfo.

    Base64; SHA-256 with PKCS#1 v1.5 for RSA, with a DER Ecdsa-Sig-Value for EC (HVCA API document 2.1).
    """
    if isinstance(key, rsa.RSAPrivateKey):
        signature = key.sign(_spki(key.public_key()), padding.PKCS1v15(), hashes.SHA256())
    else:
        signature = key.sign(_spki(key.public_key()), ec.ECDSA(hashes.SHA256()))
    return base64.b64encode(signature).decode()


def check_key(policy: ValidationPolicy, pem: str | None, signature: str | None) -> Iterator[PolicyViolation]:
    """What HVCA says of `public_key` and `public_key_signature`: format, type, length, proof."""
    key: PublicKey | None = None
    try:
        key = _require(policy, _read(pem, policy.key_format))
    except _InvalidKey as wrong:
        yield PolicyViolation("public_key", wrong.reason, wrong.detail)
    reason = _proof(policy.public_key_signature, key, signature)
    if reason:
        yield PolicyViolation("public_key_signature", reason)


def _read(pem: str | None, key_format: KeyFormat | None) -> object:
    if not pem:
        raise _InvalidKey(Reason.REQUIRED)
    block = _BLOCK.fullmatch(pem)
    is_csr = block is not None and block[1] in _CSR_LABELS
    due = {KeyFormat.PKCS10: is_csr, KeyFormat.PKCS8: block is not None and block[1] == "PUBLIC KEY"}
    if not (due[key_format] if key_format else any(due.values())):
        raise _InvalidKey(Reason.KEY_ENCODING)
    try:
        return _key_in_csr(pem) if is_csr else serialization.load_pem_public_key(pem.encode())
    except _UNREADABLE:
        raise _InvalidKey(Reason.KEY_ENCODING) from None


def _key_in_csr(pem: str) -> object:
    csr = x509.load_pem_x509_csr(pem.encode())
    if not csr.is_signature_valid:
        raise _InvalidKey(Reason.KEY_SIGNATURE)
    return csr.public_key()


def _require(policy: ValidationPolicy, key: object) -> PublicKey:
    if not isinstance(key, PublicKey):
        raise _InvalidKey(Reason.KEY_TYPE)
    due = rsa.RSAPublicKey if policy.key_type == KeyType.RSA else ec.EllipticCurvePublicKey
    if not isinstance(key, due):
        raise _InvalidKey(Reason.KEY_TYPE, policy.key_type)  # it names what the policy wants
    if key.key_size not in policy.allowed_lengths:
        raise _InvalidKey(Reason.KEY_LENGTH)
    return key


def _proof(presence: Presence, key: PublicKey | None, signature: str | None) -> Reason | None:
    if not signature:
        return Reason.REQUIRED if presence == Presence.REQUIRED else None
    if presence in (Presence.FORBIDDEN, Presence.STATIC):
        return Reason.FORBIDDEN if presence == Presence.FORBIDDEN else Reason.STATIC
    if key is None:  # what is wrong with the key has been said
        return None
    try:
        _verify(key, base64.b64decode(signature, validate=True))
    except (binascii.Error, ValueError, InvalidSignature):
        return Reason.INVALID
    return None


def _verify(key: PublicKey, signature: bytes) -> None:
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, _spki(key), padding.PKCS1v15(), hashes.SHA256())
    else:
        key.verify(signature, _spki(key), ec.ECDSA(hashes.SHA256()))


def _spki(key: PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
