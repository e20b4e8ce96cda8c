"""ExaminedArtifact: one CSR, chain or PFX that an examination found, with what is to be said about it.

Comparing several of them with one another is done here too; deciding what some bytes are, in examiner.py.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import singledispatch

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from certs import certificate, csr, keys
from certs.artifact_type import ArtifactType
from certs.findings import Finding, InvalidArtifact, errors
from certs.findings.catalogue import finding
from certs.findings.codes import FindingCode
from certs.findings.openssl_commands import pkcs7_der_to_certificate, pkcs7_to_certificate
from certs.pem import Block, Pasted
from certs.pfx_reading import PfxReading
from certs.subjects import format_name

MAX_ARTIFACTS = 20  # things looked at in one input; a chain has three
_GLOBALSIGN = "globalsign"
_GOOD = (
    FindingCode.CSR_GOOD,
    FindingCode.CERTIFICATE_GOOD,
    FindingCode.PFX_GOOD,
)  # what another finding takes back


@dataclass(frozen=True)
class ExaminedArtifact:
    """`public_key_sha256` names its key, empty if unknown; `pem` is a clean copy, empty if there is none to give."""

    kind: str
    findings: tuple[Finding, ...]
    public_key_sha256: str = ""
    pem: str = ""


@singledispatch
def examine_artifacts(found: object) -> tuple[ExaminedArtifact, ...]:
    """What is in a Pasted or a PfxReading. What is invalid in it is a finding of its artifact; nothing is raised."""
    raise TypeError(type(found).__name__)


@examine_artifacts.register
def _(found: PfxReading) -> tuple[ExaminedArtifact, ...]:
    key = found.public_key_sha256
    # Of a warning about how it is written nobody may be told that nothing is wrong; the issuer is warned of by itself.
    is_good = all(each.severity == "info" for each in found.findings)
    good = (finding(FindingCode.PFX_GOOD, key=key[: keys.SHORT]),) if is_good else ()
    return (ExaminedArtifact("pfx", (*good, *found.findings, *_issuer(found.certificate_pem)), key),)


@examine_artifacts.register
def _(found: Pasted) -> tuple[ExaminedArtifact, ...]:
    different = tuple(dict.fromkeys(found.blocks))
    blocks = different[:MAX_ARTIFACTS]
    artifacts = [*_requests(blocks), *_certificates(blocks), *_others(blocks, found.binary)]
    if len(different) > MAX_ARTIFACTS:
        artifacts.append(ExaminedArtifact("unknown", (finding(FindingCode.TOO_MANY, most=MAX_ARTIFACTS),)))
    return compare_artifacts(artifacts)


def compare_artifacts(artifacts: Iterable[ExaminedArtifact]) -> tuple[ExaminedArtifact, ...]:
    """The same artifacts; certificates and PFX files that are for another key than the only CSR are told so."""
    all_of_them = tuple(artifacts)
    wanted = {each.public_key_sha256 for each in all_of_them if each.kind == "csr" and each.public_key_sha256}
    if len(wanted) != 1:
        return all_of_them
    (key,) = wanted
    return tuple(_compare_key(each, key) for each in all_of_them)


def describe_kind(artifact: ExaminedArtifact) -> str:
    """The kind of what was found; a certificate with issuers' is a chain."""
    return "chain" if artifact.kind == "certificate" and artifact.pem.count("BEGIN") > 1 else artifact.kind


def _compare_key(artifact: ExaminedArtifact, key: str) -> ExaminedArtifact:
    own = artifact.public_key_sha256
    if artifact.kind not in ("certificate", "pfx") or not own or own == key:
        return artifact
    if artifact.kind == "pfx":
        other = finding(FindingCode.PFX_OTHER_KEY, bundle=own[: keys.SHORT], request=key[: keys.SHORT])
        return replace(artifact, findings=(*_without_good(artifact), other))
    return replace(artifact, findings=(*_without_good(artifact), *certificate.match(own, key)))


def _without_good(artifact: ExaminedArtifact) -> Iterator[Finding]:
    return (each for each in artifact.findings if each.code not in _GOOD)


def _requests(blocks: tuple[Block, ...]) -> Iterator[ExaminedArtifact]:
    requests = [block for block in blocks if block.type is ArtifactType.CSR]
    several = (
        [finding(FindingCode.PEM_SEVERAL, count=len(requests), expected=ArtifactType.CSR)]
        if len(requests) > 1
        else []
    )
    for block in requests:
        yield _request(block, several)


def _request(block: Block, also: list[Finding]) -> ExaminedArtifact:
    try:
        reading = csr.read_der(block.der)
    except InvalidArtifact as invalid:
        return ExaminedArtifact("csr", (*also, *invalid.findings))
    found = (*also, *reading.findings)
    good = (
        [] if errors(found) else [finding(FindingCode.CSR_GOOD, key=reading.public_key_sha256[: keys.SHORT])]
    )
    return ExaminedArtifact("csr", (*good, *found), reading.public_key_sha256, reading.pem)


def _certificates(blocks: tuple[Block, ...]) -> Iterator[ExaminedArtifact]:
    ders = [block.der for block in blocks if block.type is ArtifactType.CERTIFICATE]
    if ders:
        yield _chain("certificate", ders, ())


def _chain(kind: str, ders: list[bytes], also: tuple[Finding, ...]) -> ExaminedArtifact:
    try:
        reading = certificate.read_ders(ders)
    except InvalidArtifact as invalid:
        return ExaminedArtifact(kind, (*also, *invalid.findings))
    found = (*also, *reading.findings, *_issuer(reading.pem), *_order(ders, reading))
    good = finding(
        FindingCode.CERTIFICATE_GOOD,
        key=reading.public_key_sha256[: keys.SHORT],
        date=f"{reading.not_after:%d %B %Y}",
    )
    return ExaminedArtifact(
        kind,
        (*([] if errors(found) else [good]), *found),
        reading.public_key_sha256,
        reading.pem + reading.chain_pem,
    )


def _issuer(text: str) -> Iterator[Finding]:
    """The mTLS certificate comes from GlobalSign (R50); what signed itself is told so by certificate.py."""
    own = x509.load_pem_x509_certificate(text.encode())
    if own.subject != own.issuer and _GLOBALSIGN not in format_name(own.issuer).lower():
        yield finding(FindingCode.CERTIFICATE_ISSUER, issuer=format_name(own.issuer))


def _order(ders: list[bytes], reading: certificate.CertificateReading) -> Iterator[Finding]:
    """Yours first, then each certificate's issuer (RFC 8446 section 4.4.2); the root belongs to who checks."""
    clean = x509.load_pem_x509_certificates((reading.pem + reading.chain_pem).encode())
    wanted = [each.public_bytes(Encoding.DER) for each in clean]
    given = [der for der in ders if der in wanted]
    if given != wanted:
        yield finding(FindingCode.CHAIN_ORDER)
    if len(ders) > 1 and any(_is_root(der) for der in ders if der not in wanted):
        yield finding(FindingCode.CHAIN_ROOT)


def _is_root(der: bytes) -> bool:
    try:
        one = x509.load_der_x509_certificate(der)
        return one.subject == one.issuer
    except (ValueError, x509.InvalidVersion):
        return False


def _others(blocks: tuple[Block, ...], binary: bool) -> Iterator[ExaminedArtifact]:
    for block in blocks:
        if block.type is ArtifactType.PKCS7:
            yield _pkcs7(block.der, binary)
        elif block.type in _PLAIN:
            name, code = _PLAIN[block.type]
            yield ExaminedArtifact(name, (finding(code, expected=ArtifactType.CERTIFICATE),))


_PLAIN = {
    ArtifactType.PUBLIC_KEY: ("public-key", FindingCode.WRONG_KIND_PUBLIC_KEY),
    ArtifactType.CRL: ("crl", FindingCode.WRONG_KIND_CRL),
}


def _pkcs7(der: bytes, binary: bool) -> ExaminedArtifact:
    """The container is a fault by itself (F11); what is in it is looked at all the same."""
    commands = pkcs7_der_to_certificate() if binary else pkcs7_to_certificate()
    container = finding(FindingCode.WRONG_KIND_PKCS7, expected=ArtifactType.CERTIFICATE, commands=commands)
    try:
        inside = [
            each.public_bytes(Encoding.DER) for each in pkcs7.load_der_pkcs7_certificates(der)[:MAX_ARTIFACTS]
        ]
    except (ValueError, x509.InvalidVersion, UnsupportedAlgorithm):
        inside = []
    return _chain("pkcs7", inside, (container,)) if inside else ExaminedArtifact("pkcs7", (container,))
