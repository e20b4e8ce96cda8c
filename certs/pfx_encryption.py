"""PfxEncryption: the ways in which a PFX can be encrypted, and how to write the four that we make.

Reading one is in pfx_reading.py; keeping one in pfx.py.
"""

import secrets
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import PBES
from django.views.decorators.debug import sensitive_variables

from certs.findings.openssl_commands import SUBJECT
from certs.pfx_open_certificates import open_certificates

ROUNDS = 2048  # of key derivation, as OpenSSL writes; older readers are slow at more
# Gives exactly the keys of the empty password: RFC 7292 appendix B.2 repeats it, and HMAC pads it with zeros.
EMPTY = b"\x00"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read as another
_GROUPS, _GROUP = 4, 5


class PfxEncryption(StrEnum):
    """How a PFX is encrypted. The first four can be built; the rest is only met in what others made."""

    PASSWORDLESS = "passwordless"
    CERTIFICATES_IN_CLEAR = "certificates-in-clear"
    THREE_DES_PASSWORD = "three-des-password"  # noqa: S105  # a name, not a password
    AES256_PASSWORD = "aes256-password"  # noqa: S105  # a name, not a password
    AES_EMPTY = "aes-empty"
    RC2_EMPTY = "rc2-empty"
    UNENCRYPTED = "unencrypted"
    NO_MAC = "no-mac"
    OTHER = "other"
    OTHER_PASSWORD = "other-password"  # noqa: S105  # a name, not a password

    @property
    def label(self) -> str:
        """In words, for a page."""
        return _LABELS[self]

    @property
    def has_password(self) -> bool:
        """Whether it opens with a password that is not empty."""
        return self in (
            PfxEncryption.THREE_DES_PASSWORD,
            PfxEncryption.AES256_PASSWORD,
            PfxEncryption.OTHER_PASSWORD,
        )


_LABELS = {
    PfxEncryption.PASSWORDLESS: "no password (triple DES), for the DIP",
    PfxEncryption.CERTIFICATES_IN_CLEAR: (
        "no password (triple DES), certificates in clear, for Java programs that give no password"
    ),
    PfxEncryption.THREE_DES_PASSWORD: (
        "with a password, triple DES, for Azure App Service and Windows Server 2016 or older"
    ),
    PfxEncryption.AES256_PASSWORD: "with a password, AES-256, for everything newer",
    PfxEncryption.AES_EMPTY: "no password (AES)",
    PfxEncryption.RC2_EMPTY: "no password (RC2)",
    PfxEncryption.UNENCRYPTED: "not encrypted",
    PfxEncryption.NO_MAC: "no password, no integrity check",
    PfxEncryption.OTHER: "no password (an unusual cipher)",
    PfxEncryption.OTHER_PASSWORD: "with a password (an unusual cipher)",
}


class Purpose(NamedTuple):
    """What a page says of a PFX that can be built with a password: the cipher, and what the file is for."""

    cipher: str
    software: str


WITH_PASSWORD = {
    PfxEncryption.AES256_PASSWORD: Purpose("AES-256", "today's software"),
    PfxEncryption.THREE_DES_PASSWORD: Purpose(
        "triple DES", "Windows Server 2016 and older, and for Azure App Service"
    ),
}
BUILDABLE = (PfxEncryption.PASSWORDLESS, PfxEncryption.CERTIFICATES_IN_CLEAR, *WITH_PASSWORD)


@sensitive_variables()
def build(
    key: RSAPrivateKey,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate],
    encryption: PfxEncryption = PfxEncryption.PASSWORDLESS,
    password: str | None = None,
) -> bytes:
    """A PFX of key, certificate and its issuers (the root left out).

    Raises ValueError if the encryption cannot be built, if the key is not the certificate's, or if a password is given
    to one without, or missing for the others. Always with a MAC and an encrypted key: without a MAC NSS refuses
    the file, and Java finds nothing where the key is in clear.
    """
    if encryption not in BUILDABLE:
        raise ValueError("this encryption is only read, never written")
    if bool(password) is not encryption.has_password:
        raise ValueError("a password belongs to the encryptions with one, and only to them")
    how = _encryption(encryption, password.encode() if password else EMPTY)
    built = pkcs12.serialize_key_and_certificates(SUBJECT.encode(), key, certificate, list(chain), how)
    if encryption is PfxEncryption.CERTIFICATES_IN_CLEAR:
        return open_certificates(built, certificate, chain, ROUNDS)
    return built


@sensitive_variables()
def build_with_open_certificates(
    key: RSAPrivateKey, certificate: x509.Certificate, chain: Sequence[x509.Certificate]
) -> bytes:
    """build() for a program that gives Java no password at all; same shape as export_pem()."""
    return build(key, certificate, chain, PfxEncryption.CERTIFICATES_IN_CLEAR)


@sensitive_variables()
def export_pem(key: RSAPrivateKey, certificate: x509.Certificate, chain: Sequence[x509.Certificate]) -> bytes:
    """Key (PKCS#8, not encrypted), certificate and issuers as PEM, in that order, for tools that want no PFX."""
    blocks = [key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())]
    blocks += [one.public_bytes(Encoding.PEM) for one in (certificate, *chain)]
    return b"".join(blocks)


def generate_password() -> str:
    """Four groups of five letters and digits, some 99 bits, easy to read out."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


@sensitive_variables()
def _encryption(encryption: PfxEncryption, password: bytes) -> KeySerializationEncryption:
    builder = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(ROUNDS)
    if encryption is PfxEncryption.AES256_PASSWORD:
        builder = builder.key_cert_algorithm(PBES.PBESv2SHA256AndAES256CBC).hmac_hash(hashes.SHA256())
    else:
        builder = builder.key_cert_algorithm(PBES.PBESv1SHA1And3KeyTripleDESCBC).hmac_hash(hashes.SHA1())  # noqa: S303  # what older Windows reads
    return builder.build(password)
