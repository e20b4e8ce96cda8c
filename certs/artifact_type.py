"""ArtifactType: what a piece of DER is (CSR, certificate, private key, PFX...), told from its structure alone.

Labels, file names and promises are not believed; what is inside is judged by csr.py, certificate.py and pfx.py.
"""

from enum import StrEnum

from certs.tlv import BIT_STRING, CONTEXT_0, INTEGER, OCTET_STRING, OID, SEQUENCE, Malformed, Tlv, read

_PKI_DATA = bytes.fromhex("06082b06010505070c02")  # 1.3.6.1.5.5.7.12.2, what a CMC request holds (RFC 5272)
PKCS7_ARC = bytes.fromhex("2a864886f70d0107")  # 1.2.840.113549.1.7 (RFC 2315)


class ArtifactType(StrEnum):
    """Kinds of artifacts that people mix up; the value is how a sentence names it."""

    CSR = "a CSR"
    CERTIFICATE = "a certificate"
    PRIVATE_KEY = "a private key"
    PUBLIC_KEY = "a public key"
    PKCS7 = "a PKCS#7 (.p7b) file"
    PFX = "a PFX (PKCS#12) file"
    CMC = "a request in the CMC form"
    CRL = "a revocation list"
    CSV = "API credentials"
    DOCUMENT = "a document, archive or web page"
    UNKNOWN = "something else"


def detect_artifact_type(der: bytes) -> ArtifactType:
    """The kind of the first element in `der`; UNKNOWN if it is none that we know or not DER at all."""
    try:
        top = read(der)
        return _detect_by_parts(top.children()) if top.tag == SEQUENCE else ArtifactType.UNKNOWN
    except Malformed:
        return ArtifactType.UNKNOWN


def _detect_by_parts(parts: list[Tlv]) -> ArtifactType:
    tags = [part.tag for part in parts]
    if _is_private_key(parts, tags):
        return ArtifactType.PRIVATE_KEY
    if tags[:2] == [INTEGER, SEQUENCE] and _starts_with_oid(parts[1], PKCS7_ARC):
        return ArtifactType.PFX  # RFC 7292 section 4
    if tags == [OID, CONTEXT_0] and parts[0].content.startswith(PKCS7_ARC):
        is_request = _PKI_DATA in parts[1].content[:200]
        return ArtifactType.CMC if is_request else ArtifactType.PKCS7
    if tags == [SEQUENCE, SEQUENCE, BIT_STRING]:
        return _signed(parts[0].children())
    if tags == [SEQUENCE, BIT_STRING] and _starts_with_oid(parts[0]):
        return ArtifactType.PUBLIC_KEY
    return ArtifactType.UNKNOWN


def _is_private_key(parts: list[Tlv], tags: list[int]) -> bool:
    """PKCS#8 (RFC 5958), PKCS#1 (RFC 8017), SEC 1 (RFC 5915), DSA and encrypted PKCS#8 (RFC 5208)."""
    if tags[:3] == [INTEGER, SEQUENCE, OCTET_STRING]:
        return _starts_with_oid(parts[1])
    if tags == [SEQUENCE, OCTET_STRING]:
        return _starts_with_oid(parts[0])
    if len(tags) >= 6 and set(tags[:6]) == {INTEGER}:
        return True
    return tags[:2] == [INTEGER, OCTET_STRING] and set(tags[2:]) <= {CONTEXT_0, CONTEXT_0 + 1}


def _signed(body: list[Tlv]) -> ArtifactType:
    """Certificate, CSR and CRL are all a body, an algorithm and a signature; their bodies differ."""
    tags = [part.tag for part in body]
    if tags[:3] == [INTEGER, SEQUENCE, SEQUENCE] and _is_public_key(body[2]):
        return ArtifactType.CSR
    start = 1 if tags[:1] == [CONTEXT_0] else 0
    if tags[start : start + 5] == [INTEGER] + [SEQUENCE] * 4:
        return ArtifactType.CERTIFICATE
    if tags[:3] == [INTEGER, SEQUENCE, SEQUENCE]:
        return ArtifactType.CRL
    return ArtifactType.UNKNOWN


def _is_public_key(part: Tlv) -> bool:
    return [child.tag for child in part.children()] == [SEQUENCE, BIT_STRING]


def _starts_with_oid(part: Tlv, arc: bytes = b"") -> bool:
    first = part.children()[:1]
    return bool(first) and first[0].tag == OID and first[0].content.startswith(arc)
