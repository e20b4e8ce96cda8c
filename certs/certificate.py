"""Certificates (X.509, RFC 5280): read one that Atlas gave, match it to its CSR, keep it with its issuers'.

Chains are put in order in chain.py.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from django.db import transaction

from certs import clock, keys, pem
from certs.artifact_type import ArtifactType
from certs.certificate_parts import UNREADABLE, load_whole
from certs.chain import is_authority, leaves, order_chain
from certs.findings import Finding, InvalidArtifact, errors, refuse_errors
from certs.findings.catalogue import finding
from certs.findings.codes import FindingCode
from certs.models import Certificate, SigningRequest
from certs.subjects import format_name, is_onboarding_key
from certs.weak_keys import weaknesses

SOON = timedelta(days=30)


@dataclass(frozen=True)
class CertificateReading:
    """A certificate that could be read, its issuers' in order without the root, and what is to be said.

    Times are aware UTC datetimes; `serial` is upper-case hex; the fingerprints are SHA-256, lower-case hex.
    """

    pem: str
    chain_pem: str
    subject: str
    serial: str
    not_before: datetime
    not_after: datetime
    sha256: str
    public_key_sha256: str
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing stands against it."""
        return not errors(self.findings)


def read(data: bytes, *, chain: Iterable[str] = (), now: datetime | None = None) -> CertificateReading:
    """Read a certificate as pasted or uploaded, alone or with its issuers', and check it for the DIP.

    `chain` holds more certificates (PEM) that may be issuers; `now` is the time that validity is judged by.
    Raises InvalidArtifact if there is no certificate in `data`, several that could be the owner's, or a key that
    cannot be read.
    """
    pasted = pem.read(data, ArtifactType.CERTIFICATE)
    for block in pasted.blocks:
        if block.type is not ArtifactType.CERTIFICATE:
            raise InvalidArtifact([*pasted.notes, pem.wrong_kind(block.type, ArtifactType.CERTIFICATE)])
    more = [
        _load(block.der)
        for text in chain
        for block in pem.read(text.encode(), ArtifactType.CERTIFICATE).blocks
    ]
    return read_ders([block.der for block in pasted.blocks], pasted.notes, more, now)


def read_ders(
    ders: Iterable[bytes],
    notes: tuple[Finding, ...] = (),
    more: Iterable[x509.Certificate] = (),
    now: datetime | None = None,
) -> CertificateReading:
    """As read(), for DER in which somebody has looked for private keys already; `more` may be issuers."""
    found = list(dict.fromkeys(_load(der) for der in ders))
    leaf = _leaf(found)
    issuers = [certificate for certificate in found if certificate != leaf]
    kept = [finding(FindingCode.CHAIN_KEPT, count=len(issuers))] if issuers else []
    return _reading(leaf, [*issuers, *more], (*notes, *kept), now or clock.now())


def check(certificate: x509.Certificate, now: datetime) -> Iterator[Finding]:
    """Everything that stands against this certificate at that time (aware), its chain aside."""
    if certificate.subject == certificate.issuer:
        yield finding(FindingCode.CERTIFICATE_SELF_SIGNED)
    elif is_authority(certificate):
        yield finding(FindingCode.CERTIFICATE_IS_CA, subject=format_name(certificate.subject))
    elif not is_onboarding_key(certificate.subject):
        yield finding(FindingCode.CERTIFICATE_SUBJECT, subject=format_name(certificate.subject))
    key = keys.public_key(certificate)
    yield from _key(key)
    yield from weaknesses(key)
    yield from _dates(certificate, now)
    if not _for_clients(certificate):
        yield finding(FindingCode.CERTIFICATE_NO_CLIENT_AUTH)
    if weak := keys.weak_hash(certificate):
        yield finding(FindingCode.CERTIFICATE_SIGNATURE_WEAK, hash=weak)


def match(certificate_key: str, request_key: str) -> Iterator[Finding]:
    """The finding if the two public-key fingerprints (SHA-256, hex) differ (5.4, F8, F10)."""
    if certificate_key != request_key:
        yield finding(
            FindingCode.CERTIFICATE_OTHER_KEY,
            certificate=certificate_key[: keys.SHORT],
            request=request_key[: keys.SHORT],
        )


def accept(
    company_id: UUID, case_id: UUID, data: bytes, request: SigningRequest, chain: Iterable[str] = ()
) -> Certificate:
    """read(), then store(). Raises InvalidArtifact as they do."""
    return store(company_id, case_id, read(data, chain=chain), request)


def require_fit(reading: CertificateReading, request: SigningRequest) -> None:
    """Raise InvalidArtifact with every finding if there is an error among them, another key than that of `request`
    included.
    """
    refuse_errors([*reading.findings, *match(reading.public_key_sha256, request.public_key_sha256)])


def store(
    company_id: UUID, case_id: UUID, reading: CertificateReading, request: SigningRequest
) -> Certificate:
    """Keep a certificate that read() has judged. The same one again gives the same row, with the longer chain.

    Raises InvalidArtifact as require_fit() does.
    """
    require_fit(reading, request)
    with transaction.atomic():
        certificate, is_new = Certificate.objects.get_or_create(
            case_id=case_id,
            sha256=reading.sha256,
            defaults={
                "company_id": company_id,
                "signing_request": request,
                "pem": reading.pem,
                "chain_pem": reading.chain_pem,
                "serial": reading.serial,
                "not_before": reading.not_before,
                "not_after": reading.not_after,
            },
        )
        if not is_new:
            _lengthen(certificate, reading.chain_pem)
    return certificate


def _lengthen(certificate: Certificate, chain_pem: str) -> None:
    """Keep issuers that were brought later, as `chain-incomplete` asks; what is above them is searched for again."""
    kept = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if len(load_chain(chain_pem)) <= len(load_chain(kept.chain_pem)):
        return
    certificate.chain_pem, certificate.chain_searched_at = chain_pem, None
    certificate.chain_searches, certificate.chain_next_search_at = 0, None
    certificate.save(
        update_fields=["chain_pem", "chain_searched_at", "chain_searches", "chain_next_search_at"]
    )


def load_chain(text: str) -> tuple[x509.Certificate, ...]:
    """The certificates in a PEM text that we wrote ourselves; none in an empty one."""
    return tuple(x509.load_pem_x509_certificates(text.encode())) if text else ()


def serial_in_hex(certificate: x509.Certificate) -> str:
    """Upper-case hex in whole bytes, as Atlas writes it."""
    digits = f"{certificate.serial_number:X}"
    return digits.zfill(len(digits) + len(digits) % 2)


def _load(der: bytes) -> x509.Certificate:
    """Raises InvalidArtifact unless every part that we are going to use can be read."""
    try:
        return load_whole(der)
    except UNREADABLE:
        raise InvalidArtifact([finding(FindingCode.CERTIFICATE_UNREADABLE)]) from None


def _leaf(certificates: list[x509.Certificate]) -> x509.Certificate:
    """The owner's: the only one, or the only one that is no authority."""
    if len(certificates) == 1:
        return certificates[0]
    own = list(leaves(certificates))
    if len(own) != 1:
        raise InvalidArtifact([finding(FindingCode.CERTIFICATE_SEVERAL, count=len(own) or len(certificates))])
    return own[0]


def _reading(
    leaf: x509.Certificate, pool: list[x509.Certificate], notes: tuple[Finding, ...], now: datetime
) -> CertificateReading:
    key = keys.public_key(leaf)
    if key is None:
        raise InvalidArtifact(
            [*notes, finding(FindingCode.CERTIFICATE_KEY_TYPE, kind=keys.kind_in_words(None))]
        )
    chain = order_chain(leaf, pool, now)
    own = tuple(check(leaf, now))
    return CertificateReading(
        pem=pem.to_pem(leaf.public_bytes(Encoding.DER), ArtifactType.CERTIFICATE),
        chain_pem="".join(
            pem.to_pem(c.public_bytes(Encoding.DER), ArtifactType.CERTIFICATE) for c in chain.issuers
        ),
        subject=format_name(leaf.subject),
        serial=serial_in_hex(leaf),
        not_before=leaf.not_valid_before_utc,
        not_after=leaf.not_valid_after_utc,
        sha256=leaf.fingerprint(hashes.SHA256()).hex(),
        public_key_sha256=keys.spki_sha256(key),
        findings=(*notes, *own, *([] if leaf.subject == leaf.issuer else chain.remarks)),
    )


def _key(key: keys.PublicKey | None) -> Iterator[Finding]:
    if not isinstance(key, rsa.RSAPublicKey):
        yield finding(FindingCode.CERTIFICATE_KEY_TYPE, kind=keys.kind_in_words(key))
    elif key.key_size != keys.BITS:
        yield finding(FindingCode.CERTIFICATE_KEY_SIZE, bits=key.key_size)


def _dates(certificate: x509.Certificate, now: datetime) -> Iterator[Finding]:
    first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if now < first:
        yield finding(FindingCode.CERTIFICATE_NOT_YET, date=f"{first:%H:%M} UTC on {_day(first)}")
    elif now > last:
        yield finding(FindingCode.CERTIFICATE_EXPIRED, date=_day(last))
    elif now > last - SOON:
        yield finding(FindingCode.CERTIFICATE_SOON, date=_day(last))


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"


def _for_clients(certificate: x509.Certificate) -> bool:
    """RFC 5280 section 4.2.1.12; without the extension it would serve every purpose, but Atlas's have it (F50)."""
    try:
        usages = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return ExtendedKeyUsageOID.CLIENT_AUTH in usages
