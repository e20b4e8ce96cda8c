"""Keys and certificates of seeded companies: real X.509 of an authority that is made for this one run.

An RSA key of 4096 bits takes up to seconds, so a few keys serve all companies of a run; nothing that a seeded company
holds opens anything. The secrets go through the vault like all others.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from certs import csr, keys, pem
from certs.artifact_type import ArtifactType
from certs.certificate import serial_in_hex
from certs.findings.openssl_commands import SUBJECT
from certs.pfx_encryption import PfxEncryption, build

PFX = PfxEncryption.PASSWORDLESS


class KeyOfMany(NamedTuple):
    """One private key with the CSR that it has signed."""

    key: rsa.RSAPrivateKey
    der: bytes
    csr_pem: str
    public_key_sha256: str


@dataclass(frozen=True)
class IssuedCertificate:
    """A certificate as rows keep it: PEM, serial (upper-case hex), dates (UTC), SHA-256 of the DER (lower-case hex)."""

    certificate: x509.Certificate
    pem: str
    serial: str
    not_before: datetime
    not_after: datetime
    sha256: str


class KeyMaterial:
    """An authority with one issuer below its root, and `count` keys."""

    def __init__(self, count: int, now: datetime) -> None:
        self._now = now
        self._root_key, self._issuer_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        self._issuer = self._make_issuer()
        self.chain_pem = pem.to_pem(self._issuer.public_bytes(Encoding.DER), ArtifactType.CERTIFICATE)
        self.keys = [self._make_key() for _ in range(count)]

    def issue(self, key: KeyOfMany, not_before: datetime, not_after: datetime) -> IssuedCertificate:
        """A client certificate for this key."""
        issued = (
            _builder(SUBJECT, self._issuer.subject, not_before, not_after)
            .public_key(key.key.public_key())
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
            .sign(self._issuer_key, hashes.SHA256())
        )
        der = issued.public_bytes(Encoding.DER)
        return IssuedCertificate(
            issued,
            pem.to_pem(der, ArtifactType.CERTIFICATE),
            serial_in_hex(issued),
            issued.not_valid_before_utc,
            issued.not_valid_after_utc,
            hashlib.sha256(der).hexdigest(),
        )

    def build_pfx(self, key: KeyOfMany, issued: IssuedCertificate) -> bytes:
        """The PFX of both, as the portal builds it."""
        return build(key.key, issued.certificate, (self._issuer,), PFX, None)

    def _make_key(self) -> KeyOfMany:
        key = csr.generate_key()
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, SUBJECT)])
        request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
        text = pem.to_pem(request.public_bytes(Encoding.DER), ArtifactType.CSR)
        der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return KeyOfMany(key, der, text, keys.spki_sha256(key.public_key()))

    def _make_issuer(self) -> x509.Certificate:
        begun, ends = self._now - timedelta(days=3650), self._now + timedelta(days=3650)
        root = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Seeded Root")])
        return (
            _builder("Seeded Issuer", root, begun, ends)
            .public_key(self._issuer_key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(self._root_key, hashes.SHA256())
        )


def _builder(subject: str, issuer: x509.Name, begun: datetime, ends: datetime) -> x509.CertificateBuilder:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(issuer)
    return builder.serial_number(x509.random_serial_number()).not_valid_before(begun).not_valid_after(ends)
