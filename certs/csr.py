"""CSRs (PKCS#10, RFC 2986): make one with its key, or read one that somebody made elsewhere.

What a subject may be is in subjects.py, the wording of findings in findings/catalogue/.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from certs import clock, keys, pem, vault
from certs.artifact_type import ArtifactType
from certs.csr_refusal import explain_refusal, explain_signature
from certs.findings import Finding, InvalidArtifact, errors, refuse_errors
from certs.findings.catalogue import finding
from certs.findings.codes import FindingCode
from certs.findings.openssl_commands import SUBJECT
from certs.models import Secret, SigningRequest
from certs.subjects import subject_finding
from certs.weak_keys import weaknesses

KEY_PURPOSE = Secret.Purpose.PRIVATE_KEY.value
_MICROSOFT = "1.3.6.1.4.1.311."
_EXTENSION_REQUEST = x509.ObjectIdentifier("1.2.840.113549.1.9.14")  # RFC 2985 section 5.4.2


@dataclass(frozen=True)
class CsrReading:
    """A CSR that could be read: clean PEM, the fingerprint of its key, and everything that is to be said."""

    pem: str
    public_key_sha256: str
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether it may go to Atlas."""
        return not errors(self.findings)


def generate_key() -> rsa.RSAPrivateKey:
    """A new RSA 4096 key (R42). Takes 0.2 to 3 seconds of processor time: for workers only, outside transactions."""
    return rsa.generate_private_key(keys.EXPONENT, keys.BITS)


@sensitive_variables()
def make(company_id: UUID, case_id: UUID, key: rsa.RSAPrivateKey) -> SigningRequest:
    """The CSR of a key made here, with the subject CN=onboarding_key (R42, R46); the key is sealed at once."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, SUBJECT)])
    csr = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    request_id = uuid4()
    with transaction.atomic():
        sealed = vault.seal(
            purpose=KEY_PURPOSE,
            company_id=company_id,
            record_id=request_id,
            plaintext=key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
        )
        return SigningRequest.objects.create(
            id=request_id,
            company_id=company_id,
            case_id=case_id,
            origin=SigningRequest.Origin.PORTAL,
            csr_pem=pem.to_pem(csr.public_bytes(Encoding.DER), ArtifactType.CSR),
            public_key_sha256=keys.spki_sha256(csr.public_key()),
            key=sealed,
        )


def read(data: bytes) -> CsrReading:
    """Read a CSR as pasted or uploaded, and check it for the DIP.

    Raises InvalidArtifact if there is no CSR in `data` or its key cannot be read; what is wrong with a CSR that can be
    read is in `findings`.
    """
    return read_der(*pem.read_one(data, ArtifactType.CSR))


def read_der(der: bytes, notes: tuple[Finding, ...] = ()) -> CsrReading:
    """As read(), for DER in which somebody has looked for private keys already; `notes` come first."""
    try:
        csr = x509.load_der_x509_csr(der)
        subject = csr.subject
        _ = csr.attributes
    except (ValueError, x509.InvalidVersion):
        raise InvalidArtifact([*notes, explain_refusal(der)]) from None
    key = keys.public_key(csr)
    if key is None:
        raise InvalidArtifact([*notes, finding(FindingCode.CSR_KEY_TYPE, kind=keys.kind_in_words(None))])
    found = (
        *notes,
        *_key(key),
        *weaknesses(key),
        *_signature(csr),
        *filter(None, [subject_finding(subject)]),
        *_extensions(csr),
        *_attributes(csr),
    )
    return CsrReading(pem.to_pem(der, ArtifactType.CSR), keys.spki_sha256(key), found)


def accept(
    company_id: UUID,
    case_id: UUID,
    data: bytes,
    origin: SigningRequest.Origin = SigningRequest.Origin.OWN,
) -> SigningRequest:
    """read(), then store(). Raises InvalidArtifact as they do."""
    return store(company_id, case_id, read(data), origin)


def store(
    company_id: UUID, case_id: UUID, reading: CsrReading, origin: SigningRequest.Origin
) -> SigningRequest:
    """Keep a CSR that read() has judged. The same CSR again gives the same row, with the way it came last.

    Raises InvalidArtifact with every finding if there is an error among them, if another company has given this key,
    or if somebody said that others may have seen it.
    """
    refuse_errors(reading.findings)
    same_key = SigningRequest.objects.filter(public_key_sha256=reading.public_key_sha256)
    if same_key.exclude(company_id=company_id).exists():
        raise InvalidArtifact([finding(FindingCode.CSR_KEY_ELSEWHERE)])
    if same_key.filter(exposed_at__isnull=False).exists():
        raise InvalidArtifact([finding(FindingCode.CSR_KEY_EXPOSED)])
    request, _ = SigningRequest.objects.get_or_create(
        case_id=case_id,
        public_key_sha256=reading.public_key_sha256,
        defaults={
            "company_id": company_id,
            "origin": origin,
            "csr_pem": reading.pem,
        },
    )
    if request.origin != origin and request.key_id is None:
        request.origin = origin
        request.save(update_fields=["origin"])
    return request


def mark_exposed(case_id: UUID, request_ids: Iterable[str]) -> None:
    """Others may have seen the private keys of these CSRs of a case: none of them is taken again (A27)."""
    exposed = SigningRequest.objects.filter(case_id=case_id, pk__in=list(request_ids), exposed_at=None)
    exposed.update(exposed_at=clock.now())


def _key(key: keys.PublicKey) -> Iterator[Finding]:
    if not isinstance(key, rsa.RSAPublicKey):
        yield finding(FindingCode.CSR_KEY_TYPE, kind=keys.kind_in_words(key))
        return
    if key.key_size < keys.BITS:
        yield finding(FindingCode.CSR_KEY_SMALL, bits=key.key_size)
    if key.key_size > keys.BITS:
        yield finding(FindingCode.CSR_KEY_LARGE, bits=key.key_size)
    if (exponent := key.public_numbers().e) != keys.EXPONENT:
        yield finding(FindingCode.CSR_EXPONENT, exponent=exponent if exponent < 10**9 else "very large")


def _signature(csr: x509.CertificateSigningRequest) -> Iterator[Finding]:
    if weak := keys.weak_hash(csr):
        yield finding(FindingCode.CSR_SIGNATURE_WEAK, hash=weak)
        return
    try:
        valid = csr.is_signature_valid
    except (ValueError, TypeError, UnsupportedAlgorithm):
        valid = False
    if not valid:
        yield explain_signature(csr)


def _extensions(csr: x509.CertificateSigningRequest) -> Iterator[Finding]:
    try:
        names = [extension.oid._name for extension in csr.extensions]
    except (ValueError, x509.DuplicateExtension, UnsupportedAlgorithm):
        names = ["some that cannot be read"]
    if names:
        yield finding(FindingCode.CSR_EXTENSIONS, names=", ".join(names))


def _attributes(csr: x509.CertificateSigningRequest) -> Iterator[Finding]:
    """Other than the extensions: a challenge password for one (RFC 2985 section 5.4.1).

    Each request of certreq, IIS and MMC has those of Microsoft: version, user's name, provider. None is a password.
    """
    try:
        others = [each.oid.dotted_string for each in csr.attributes if each.oid != _EXTENSION_REQUEST]
    except (ValueError, UnsupportedAlgorithm):
        return
    if any(not oid.startswith(_MICROSOFT) for oid in others):
        yield finding(FindingCode.CSR_ATTRIBUTES)
