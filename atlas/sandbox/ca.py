"""The certification authority of the local Atlas: a root, an issuing CA below it, and what they sign.

Who may have a certificate is decided by the callers.
"""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from atlas.sandbox import files

CA_YEARS = 25
SERVER_DAYS = 397
Extension = tuple[x509.ExtensionType, bool]
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
SigningHash = hashes.SHA256 | hashes.SHA384 | hashes.SHA512


@dataclass(frozen=True)
class Signing:
    """How a certificate is signed: RSA PKCS#1 v1.5, or PSS."""

    algorithm: SigningHash = field(default_factory=hashes.SHA256)
    pss: bool = False


@dataclass(frozen=True)
class Signer:
    """A CA certificate and its key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @property
    def pem(self) -> str:
        """The CA certificate."""
        return pem_of(self.certificate)


@dataclass(frozen=True)
class Authority:
    """The root signs server certificates and the issuing CA; the issuing CA, maybe the root itself, for companies."""

    root: Signer
    issuing: Signer

    @property
    def chain(self) -> list[str]:
        """PEM, the issuer first, the root last; one certificate if the root issues by itself."""
        return [self.root.pem] if self.issuing is self.root else [self.issuing.pem, self.root.pem]

    def issue(
        self,
        subject: x509.Name,
        public_key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey,
        validity: tuple[float, float],
        extensions: Sequence[Extension],
        *,
        signing: Signing | None = None,
        by_root: bool = False,
    ) -> x509.Certificate:
        """An end-entity certificate with a fresh serial number; `validity` in seconds since 1970."""
        signer = self.root if by_root else self.issuing
        basics = [*_end_entity(public_key, signer), *extensions]
        return _sign(subject, public_key, signer.certificate.subject, signer.key, validity, basics, signing)


def load_or_create(directory: Path, *, root_issues: bool = False) -> Authority:
    """The authority kept in this folder; made and written there at the first start."""
    root = _load(directory, "root") or _create(directory, "root", None)
    issuing = _load(directory, "issuing") or _create(directory, "issuing", root)
    return Authority(root, root if root_issues else issuing)


def _load(directory: Path, name: str) -> Signer | None:
    certificate, key = directory / f"{name}.pem", directory / f"{name}.key"
    if not (certificate.exists() and key.exists()):
        return None
    loaded = serialization.load_pem_private_key(key.read_bytes(), None)
    if not isinstance(loaded, rsa.RSAPrivateKey):
        raise ValueError(f"{key} holds no RSA key")
    return Signer(x509.load_pem_x509_certificate(certificate.read_bytes()), loaded)


def _create(directory: Path, name: str, parent: Signer | None) -> Signer:
    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Local Atlas, for demonstration and tests"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Local Atlas {name.capitalize()} CA"),
        ]
    )
    start = datetime.now(UTC)
    validity = (start.timestamp(), (start + timedelta(days=365 * CA_YEARS)).timestamp())
    issuer, signing_key = (parent.certificate.subject, parent.key) if parent else (subject, key)
    extensions = _ca_extensions(key.public_key(), signing_key.public_key(), None if parent is None else 0)
    certificate = _sign(subject, key.public_key(), issuer, signing_key, validity, extensions, None)
    files.write(directory / f"{name}.key", pem_of_key(key), secret=True)
    files.write(directory / f"{name}.pem", pem_of(certificate).encode(), secret=False)
    return Signer(certificate, key)


def _sign(
    subject: x509.Name,
    public_key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey,
    issuer: x509.Name,
    key: rsa.RSAPrivateKey,
    validity: tuple[float, float],
    extensions: Iterable[Extension],
    signing: Signing | None,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(new_serial())
        .not_valid_before(datetime.fromtimestamp(int(validity[0]), UTC))
        .not_valid_after(datetime.fromtimestamp(int(validity[1]), UTC))
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    how = signing or Signing()
    scheme = (
        padding.PSS(padding.MGF1(how.algorithm), padding.PSS.DIGEST_LENGTH) if how.pss else padding.PKCS1v15()
    )
    return builder.sign(key, how.algorithm, rsa_padding=scheme)


def new_serial() -> int:
    """16 bytes, the first is 01, as in all published HVCA samples."""
    return int.from_bytes(b"\x01" + secrets.token_bytes(15))


def serial_text(serial: int) -> str:
    """32 upper-case hexadecimal digits."""
    return f"{serial:032X}"


def _end_entity(public_key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey, signer: Signer) -> list[Extension]:
    return [
        (x509.BasicConstraints(ca=False, path_length=None), False),
        (x509.SubjectKeyIdentifier.from_public_key(public_key), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key()), False),
    ]


def _ca_extensions(
    own: rsa.RSAPublicKey, issuer: rsa.RSAPublicKey, path_length: int | None
) -> list[Extension]:
    return [
        (x509.BasicConstraints(ca=True, path_length=path_length), True),
        (key_usage("key_cert_sign", "crl_sign"), True),
        (x509.SubjectKeyIdentifier.from_public_key(own), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer), False),
    ]


def key_usage(*names: str) -> x509.KeyUsage:
    """The key usage extension with exactly these bits, named as in cryptography."""
    every = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: name in names for name in every})


def client_extensions() -> list[Extension]:
    """What an mTLS certificate is for: to authenticate a client, nothing else."""
    return [
        (key_usage("digital_signature", "key_encipherment"), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False),
    ]


def server_certificate(
    directory: Path,
    authority: Authority,
    names: Sequence[str],
    name: str = "server",
    *,
    expired: bool = False,
) -> tuple[Path, Path]:
    """Certificate and key of the HTTPS listeners, made again if a name is missing or the end is near."""
    certificate, key = directory / f"{name}.pem", directory / f"{name}.key"
    if not (
        key.exists() and certificate.exists() and _serves(certificate, authority, names, expired=expired)
    ):
        _make_server_certificate(authority, names, certificate, key, expired=expired)
    return certificate, key


def _serves(path: Path, authority: Authority, names: Sequence[str], *, expired: bool) -> bool:
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    present = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    left = certificate.not_valid_after_utc - datetime.now(UTC)
    enough = left < timedelta(0) if expired else left > timedelta(days=30)
    own = certificate.issuer == authority.root.certificate.subject
    return own and enough and set(_general_names(names)) <= set(present)


def _make_server_certificate(
    authority: Authority, names: Sequence[str], certificate: Path, key: Path, *, expired: bool
) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    start = datetime.now(UTC) - timedelta(days=SERVER_DAYS + 1 if expired else 0)
    made = authority.issue(
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Local Atlas")]),
        private.public_key(),
        (start.timestamp(), (start + timedelta(days=SERVER_DAYS)).timestamp()),
        [
            (x509.SubjectAlternativeName(_general_names(names)), False),
            (key_usage("digital_signature"), True),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        ],
        by_root=True,
    )
    files.write(key, pem_of_key(private), secret=True)
    files.write(certificate, pem_of(made).encode(), secret=False)


def _general_names(names: Sequence[str]) -> list[x509.GeneralName]:
    return [_general_name(name) for name in names]


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def pem_of(certificate: x509.Certificate) -> str:
    """One PEM block."""
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def pem_of_key(key: PrivateKey) -> bytes:
    """PKCS#8, not encrypted: these keys guard nothing but a local Atlas."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
