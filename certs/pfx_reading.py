"""PFX files: read any, say how it is encrypted, whether key and certificate belong together, and what is wrong.

Writing them is in pfx_encryption.py, keeping them in pfx.py.
"""

import base64
import binascii
import hashlib
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
from certs.chain import Chain, order_chain
from certs.decoding import decode
from certs.findings import Finding, InvalidArtifact, errors
from certs.findings.catalogue import finding
from certs.findings.codes import FindingCode
from certs.findings.openssl_commands import base64_to_file
from certs.pfx_encryption import PfxEncryption
from certs.pfx_reader_client import OwnCertificate, PfxContents, PfxNotRead, Reason, read_in_process
from certs.pfx_remarks import classify_encryption, refuse_password, remark
from certs.pfx_structure import Structure, structure
from certs.subjects import is_onboarding_key
from certs.tlv import Malformed, definite

# In all. GnuTLS writes 600 000 in each of four parts, which open in 1.3 seconds of processor time; more than three
# seconds are not given to any file (pfx_reader_process.py).
MAX_ROUNDS = 4_000_000
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
    contents = _contents(data, password, shape)
    own = _own_certificate(contents)
    leaf = own.certificate
    others = [*contents.others, *(each.certificate for each in contents.own if each != own)]
    chain = order_chain(leaf, others, now)
    key = keys.public_key(leaf)
    encryption = classify_encryption(shape, bool(password))
    found = (
        *remark(encryption, shape, contents, own.ties),
        *check(leaf, now or clock.now()),
        *_chain(chain, others),
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
def _contents(data: bytes, password: str, shape: Structure) -> PfxContents:
    """What is in it, its private key aside; opened in a process of its own, because anybody may have made it."""
    try:
        return read_in_process(definite(data), password)
    except PfxNotRead as failure:
        if failure.reason is Reason.PASSWORD and not password:
            raise InvalidArtifact([refuse_password(shape)]) from None
        raise InvalidArtifact([finding(_CODES[failure.reason])]) from None


_CODES = {
    Reason.PASSWORD: FindingCode.PFX_WRONG_PASSWORD,
    Reason.KEY_PASSWORD: FindingCode.PFX_KEY_PASSWORD,
    Reason.CERTIFICATE: FindingCode.PFX_CERTIFICATE_UNREADABLE,
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


def _own_certificate(contents: PfxContents) -> OwnCertificate:
    """The certificate whose key is in the file; of several the one for the DIP."""
    if not contents.keys:
        raise InvalidArtifact([finding(FindingCode.PFX_NO_KEY)])
    if contents.own:
        named = (each for each in contents.own if is_onboarding_key(each.certificate.subject))
        return next(named, contents.own[0])
    raise InvalidArtifact(
        [finding(FindingCode.PFX_KEY_MISMATCH if contents.others else FindingCode.PFX_NO_CERTIFICATE)]
    )


def _chain(chain: Chain, others: list[x509.Certificate]) -> tuple[Finding, ...]:
    """A PFX without issuers is common and mostly fine, and so is one that lacks the root only.

    A chain that does not hold is not.
    """
    if not others:
        return (finding(FindingCode.PFX_NO_CHAIN),)
    return tuple(
        each for each in chain.findings if each.code is not FindingCode.CHAIN_INCOMPLETE or not chain.issuers
    )
