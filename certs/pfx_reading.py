"""PFX files: read any, say how it is encrypted, whether key and certificate belong together, and what is wrong.

Writing them is in pfx_encryption.py, keeping them in pfx.py.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from django.views.decorators.debug import sensitive_variables

from certs import clock, keys, pem
from certs.artifact_type import ArtifactType, detect_artifact_type
from certs.certificate import check
from certs.chain import order_chain
from certs.decoding import decode
from certs.findings import Finding, InvalidArtifact, errors
from certs.findings.catalogue import finding
from certs.findings.codes import FindingCode
from certs.findings.openssl_commands import base64_to_file
from certs.pfx_encryption import PfxEncryption
from certs.pfx_reader_client import PfxContents, PfxNotRead, Reason, read_in_process
from certs.pfx_structure import PLAIN, Structure, structure
from certs.tlv import Malformed, definite

MAX_ROUNDS = (
    2_000_000  # in all; tools write 1 to 600 000 for each of three parts, and more keeps a worker busy
)
KEYSTORES = (b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce")  # JKS, JCEKS


@dataclass(frozen=True)
class PfxReading:
    """What is in a PFX, its private key aside: fingerprints are SHA-256 in lower-case hex."""

    encryption: PfxEncryption
    structure: Structure
    sha256: str
    certificate_pem: str
    chain_pem: str
    certificate_sha256: str
    public_key_sha256: str
    not_after: datetime
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether the DIP can be expected to take it."""
        return not errors(self.findings)


@sensitive_variables()
def read(data: bytes, password: str = "", now: datetime | None = None) -> PfxReading:
    """Read a PFX and check it for the DIP. Nothing of its private key is kept.

    Raises InvalidArtifact if it is not a PFX, does not open, or lacks a key, a certificate, or one that fits the other.
    """
    shape = _shape(data)
    contents = _contents(data, password)
    leaf = _own_certificate(contents)
    others = list(contents.others)
    chain = order_chain(leaf, others, now)
    key = keys.public_key(leaf)
    encryption = _classify_encryption(shape, bool(password))
    found = (
        *_encryption_findings(encryption, shape),
        *check(leaf, now or clock.now()),
        *_chain(chain.findings, others),
    )
    return PfxReading(
        encryption=encryption,
        structure=shape,
        sha256=hashlib.sha256(data).hexdigest(),
        certificate_pem=pem.to_pem(leaf.public_bytes(Encoding.DER), ArtifactType.CERTIFICATE),
        chain_pem="".join(
            pem.to_pem(c.public_bytes(Encoding.DER), ArtifactType.CERTIFICATE) for c in chain.issuers
        ),
        certificate_sha256=leaf.fingerprint(hashes.SHA256()).hex(),
        public_key_sha256=keys.spki_sha256(key) if key else "",
        not_after=leaf.not_valid_after_utc,
        findings=found,
    )


@sensitive_variables()
def unlock(data: bytes, password: str) -> pkcs12.PKCS12KeyAndCertificates:
    """Decrypt and check the MAC of a PFX that read() has judged before, here and now.

    Raises InvalidArtifact `pfx-password`, `pfx-wrong-password` or `pfx-unreadable`.
    """
    try:
        return pkcs12.load_pkcs12(definite(data), password.encode() if password else None)
    except (UnsupportedAlgorithm, x509.InvalidVersion):
        raise InvalidArtifact([finding(FindingCode.PFX_UNREADABLE)]) from None
    except ValueError:
        raise InvalidArtifact(
            [finding(FindingCode.PFX_WRONG_PASSWORD if password else FindingCode.PFX_PASSWORD)]
        ) from None


@sensitive_variables()
def _contents(data: bytes, password: str) -> PfxContents:
    """What is in it, its private key aside; opened in a process of its own, because anybody may have made it."""
    try:
        return read_in_process(definite(data), password)
    except PfxNotRead as failure:
        code = _CODES[failure.reason]
        if code is FindingCode.PFX_PASSWORD and password:
            code = FindingCode.PFX_WRONG_PASSWORD
        raise InvalidArtifact([finding(code)]) from None


_CODES = {
    Reason.PASSWORD: FindingCode.PFX_PASSWORD,
    Reason.UNREADABLE: FindingCode.PFX_UNREADABLE,
    Reason.SLOW: FindingCode.PFX_SLOW,
    Reason.BUSY: FindingCode.PFX_BUSY,
}


def _shape(data: bytes) -> Structure:
    pem.refuse_size(data)
    if detect_artifact_type(data) is not ArtifactType.PFX:
        raise InvalidArtifact([_other_file(data)])
    try:
        shape = structure(data)
    except Malformed:
        raise InvalidArtifact([finding(FindingCode.PFX_UNREADABLE)]) from None
    if shape.rounds > MAX_ROUNDS:
        raise InvalidArtifact([finding(FindingCode.PFX_ROUNDS, rounds=shape.rounds)])
    return shape


def _other_file(data: bytes) -> Finding:
    """What was given instead of a PFX. A bare private key is refused as everywhere."""
    if data.startswith(KEYSTORES):
        return finding(FindingCode.PFX_KEYSTORE)
    if is_base64_of_pfx(data):
        wrapped = len(data.split()) > 1
        return finding(FindingCode.PFX_BASE64, commands=base64_to_file(wrapped=wrapped))
    if data[:1] == b"\x30" and detect_artifact_type(data) is ArtifactType.UNKNOWN:
        return finding(FindingCode.PFX_UNREADABLE)
    return pem.wrong_kind(pem.read(data, ArtifactType.PFX).blocks[0].type, ArtifactType.PFX)


def is_base64_of_pfx(data: bytes) -> bool:
    """Whether it is text that stands for a PFX, with or without header lines."""
    text, _ = decode(data)
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("-"))
    clean = "".join("".join(lines).split()).strip("\"'")
    try:
        return detect_artifact_type(base64.b64decode(clean, validate=True)) is ArtifactType.PFX
    except (binascii.Error, ValueError):
        return False


def _own_certificate(contents: PfxContents) -> x509.Certificate:
    """The certificate of the key. The library gives one only if the two belong together."""
    if not contents.has_key:
        raise InvalidArtifact([finding(FindingCode.PFX_NO_KEY)])
    if contents.own is not None:
        return contents.own
    raise InvalidArtifact(
        [finding(FindingCode.PFX_KEY_MISMATCH if contents.others else FindingCode.PFX_NO_CERTIFICATE)]
    )


def _classify_encryption(shape: Structure, password: bool) -> PfxEncryption:
    """The weakest trait names it: no MAC, then a key in clear, then the worst cipher."""
    if password:
        return _WITH_PASSWORD.get(shape.ciphers, PfxEncryption.OTHER_PASSWORD)
    if not shape.has_mac:
        return PfxEncryption.NO_MAC
    if PLAIN in shape.key_ciphers:
        return PfxEncryption.UNENCRYPTED
    if shape.ciphers & {"rc2", "rc4"}:
        return PfxEncryption.RC2_EMPTY
    if any(cipher.startswith("aes") for cipher in shape.ciphers):
        return PfxEncryption.AES_EMPTY
    return PfxEncryption.PASSWORDLESS if "3des" in shape.ciphers else PfxEncryption.OTHER


_WITH_PASSWORD = {
    frozenset({"3des"}): PfxEncryption.THREE_DES_PASSWORD,
    frozenset({"aes-256"}): PfxEncryption.AES256_PASSWORD,
}
_REMARKS = {
    PfxEncryption.NO_MAC: FindingCode.PFX_NO_MAC,
    PfxEncryption.UNENCRYPTED: FindingCode.PFX_PLAIN,
    PfxEncryption.RC2_EMPTY: FindingCode.PFX_RC2,
    PfxEncryption.AES_EMPTY: FindingCode.PFX_AES,
}


def _encryption_findings(encryption: PfxEncryption, shape: Structure) -> Iterator[Finding]:
    if encryption.has_password:
        yield finding(FindingCode.PFX_PASSWORD)
    if encryption in _REMARKS:
        yield finding(_REMARKS[encryption])
    if shape.keys > 1:
        yield finding(FindingCode.PFX_SEVERAL_KEYS, count=shape.keys)


def _chain(findings: tuple[Finding, ...], others: list[x509.Certificate]) -> tuple[Finding, ...]:
    """A PFX without issuers is common and mostly fine; a chain that does not hold is not."""
    return findings if others else (finding(FindingCode.PFX_NO_CHAIN),)
