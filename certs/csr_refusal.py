"""Why a strict reader refuses a CSR that is not damaged: which part of it is not as RFC 2986 and X.690 say.

Makers differ in what they get wrong (measured with thirty of them); catalogue/unusual_requests.py names the setting.
"""

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from certs import tlv
from certs.findings import Finding
from certs.findings.catalogue import finding
from certs.findings.codes import FindingCode
from certs.tlv import CONTEXT_0, INDEFINITE, INTEGER, OID, SEQUENCE, SET, Malformed, Tlv

UTF8, NUMERIC, PRINTABLE, TELETEX, IA5, UNIVERSAL, BMP = 0x0C, 0x12, 0x13, 0x14, 0x16, 0x1C, 0x1E
_PRINTABLE = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?"
)  # X.680 41.4
_HASHES = (hashes.SHA256(), hashes.SHA512(), hashes.SHA384(), hashes.SHA1(), hashes.SHA224())  # noqa: S303  to tell apart


def explain_refusal(der: bytes) -> Finding:
    """The finding for a CSR that could not be read strictly; `csr-unreadable` if nothing of what is known is wrong."""
    try:
        return _explain(tlv.read(der)) or _explain_form(der) or finding(FindingCode.CSR_UNREADABLE)
    except Malformed:
        return finding(FindingCode.CSR_UNREADABLE)


def explain_signature(csr: x509.CertificateSigningRequest) -> Finding:
    """The finding for a signature that does not verify: with another hash than it says, or not at all."""
    key = csr.public_key()
    try:
        said = csr.signature_hash_algorithm
    except UnsupportedAlgorithm:  # an algorithm that nobody knows
        return finding(FindingCode.CSR_SIGNATURE)
    if isinstance(key, RSAPublicKey) and said is not None:
        for other in _HASHES:
            if other.name != said.name and _verifies(key, csr, other):
                return finding(FindingCode.CSR_SIGNATURE_LABEL, used=_name(other), said=_name(said))
    return finding(FindingCode.CSR_SIGNATURE)


def _verifies(key: RSAPublicKey, csr: x509.CertificateSigningRequest, by: hashes.HashAlgorithm) -> bool:
    try:
        key.verify(csr.signature, csr.tbs_certrequest_bytes, PKCS1v15(), by)
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        return False
    return True


def _name(algorithm: hashes.HashAlgorithm) -> str:
    return algorithm.name.upper().replace("SHA", "SHA-")


def _explain(top: Tlv) -> Finding | None:
    parts = top.children()
    if len(parts) < 3 or parts[0].tag != SEQUENCE:
        return None
    info = parts[0].children()
    if info[:1] and info[0].tag == INTEGER and info[0].number() != 0:
        return finding(FindingCode.CSR_VERSION, version=info[0].number() + 1)
    if len(info) == 3:
        return finding(FindingCode.CSR_NO_ATTRIBUTES)
    if extra := [*info[4:], *parts[3:]]:
        return finding(FindingCode.CSR_TRAILING, count=sum(each.size for each in extra))
    if any(_is_wrong_string(part) for part in _strings(info[1])):
        return finding(FindingCode.CSR_STRING_TYPE)
    if info[3].tag == CONTEXT_0 and not all(_is_attribute(each) for each in info[3].children()):
        return finding(FindingCode.CSR_EMPTY_ATTRIBUTE)
    return None


def _strings(name: Tlv) -> list[Tlv]:
    """The values of a distinguished name (RFC 5280 section 4.1.2.4)."""
    found = []
    for relative in name.children():
        for attribute in relative.children():
            parts = attribute.children()
            found += parts[1:2]
    return found


def _is_wrong_string(part: Tlv) -> bool:
    """X.680 sections 41 and 44: a character that the type does not have."""
    content = part.content
    if part.tag == PRINTABLE:
        return not _PRINTABLE.issuperset(content)
    if part.tag == NUMERIC:
        return not frozenset(b"0123456789 ").issuperset(content)
    if part.tag in (IA5, TELETEX):
        return not content.isascii()
    if part.tag in (BMP, UNIVERSAL):
        return len(content) % (2 if part.tag == BMP else 4) != 0
    if part.tag == UTF8:
        try:
            content.decode()
        except UnicodeDecodeError:
            return True
    return False


def _is_attribute(part: Tlv) -> bool:
    """RFC 2986 section 4: an identifier and a set that is not empty."""
    if part.tag != SEQUENCE:
        return False
    inner = part.children()
    return [each.tag for each in inner] == [OID, SET] and bool(inner[1].content)


def _explain_form(der: bytes) -> Finding | None:
    """X.690 section 10: one way to write each length."""
    try:
        strict = tlv.definite(der)
    except Malformed:
        return None
    if strict == der:
        return None
    what = (
        "a length is left open"
        if bytes([INDEFINITE]) in der[1:8]
        else "a length is written longer than needed"
    )
    return finding(FindingCode.CSR_NOT_DER, what=what)
