"""Makes the artefacts that tests need: keys, CSRs, certificates and chains, as good or as wrong as a test wants.

Fixtures are in conftest.py. Keys of 4096 bits come from there, once per run.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

YEAR = timedelta(days=365)
CN = "onboarding_key"
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def rsa_key(name: str = "one", bits: int = 4096) -> rsa.RSAPrivateKey:
    """One key per name and size for the whole run."""
    return _rsa_key(name, bits)


@functools.cache
def _rsa_key(name: str, bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def ec_key(name: str = "one") -> ec.EllipticCurvePrivateKey:
    """One key per name for the whole run."""
    return _ec_key(name)


@functools.cache
def _ec_key(name: str) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def subject(*parts: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])


def common(name: str = CN) -> x509.Name:
    return subject((NameOID.COMMON_NAME, name))


def csr_der(
    key: Key | None = None,
    name: x509.Name | None = None,
    extensions: tuple[x509.ExtensionType, ...] = (),
) -> bytes:
    builder = x509.CertificateSigningRequestBuilder().subject_name(common() if name is None else name)
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(key or rsa_key(), hashes.SHA256()).public_bytes(Encoding.DER)


def csr_pem(key: Key | None = None, name: x509.Name | None = None) -> bytes:
    return x509.load_der_x509_csr(csr_der(key, name)).public_bytes(Encoding.PEM)


@dataclass(frozen=True)
class Authority:
    """A certificate authority with its own certificate."""

    key: Key
    certificate: x509.Certificate

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()


def issue(
    public_key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey,
    by: Authority | None,
    *,
    name: x509.Name | None = None,
    signed_with: Key | None = None,
    begins: datetime | None = None,
    lasts: timedelta = 5 * YEAR,
    client_auth: bool = True,
    is_authority: bool = False,
) -> x509.Certificate:
    """A certificate for `public_key`, issued by `by` or, if None, by itself with `signed_with`."""
    begins = begins or datetime.now(UTC) - timedelta(hours=1)
    own = common() if name is None else name
    builder = (
        x509.CertificateBuilder()
        .subject_name(own)
        .issuer_name(by.certificate.subject if by else own)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + lasts)
        .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
    )
    if client_auth and not is_authority:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
        builder = builder.add_extension(usage, critical=False)
    signer = signed_with or (by.key if by else None)
    assert signer is not None
    return builder.sign(signer, hashes.SHA256())


def root(name: str = "Test Root") -> Authority:
    """One root per name for the whole run."""
    return _root(name)


@functools.cache
def _root(name: str) -> Authority:
    key = ec_key(name)
    issued = issue(
        key.public_key(), None, name=common(name), signed_with=key, lasts=20 * YEAR, is_authority=True
    )
    return Authority(key, issued)


@functools.cache
def intermediate() -> Authority:
    """An issuing CA below root()."""
    key = ec_key("Test Issuing CA")
    name = common("Test Issuing CA")
    return Authority(key, issue(key.public_key(), root(), name=name, lasts=10 * YEAR, is_authority=True))


def leaf(name: str = "one", bits: int = 4096) -> x509.Certificate:
    """A good certificate for rsa_key(name, bits)."""
    return _leaf(name, bits)


@functools.cache
def _leaf(name: str, bits: int) -> x509.Certificate:
    return issue(rsa_key(name, bits).public_key(), intermediate())


def pem_of(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.PEM)


def key_pem(key: Key, form: PrivateFormat = PrivateFormat.PKCS8) -> bytes:
    return key.private_bytes(Encoding.PEM, form, NoEncryption())


def codes(findings: tuple[object, ...]) -> list[str]:
    return [finding.code for finding in findings]  # type: ignore[attr-defined]
