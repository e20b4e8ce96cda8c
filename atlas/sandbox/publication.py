"""What the issuing CA publishes over plain HTTP: its certificate, its CRL (RFC 5280) and OCSP answers (RFC 6960)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from sqlite3 import Row

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID

from atlas.sandbox.app_state import AppState
from atlas.sandbox.ca import Extension, Signer, serial_text

CRL, ISSUER, OCSP = "/ca/issuing.crl", "/ca/issuing.cer", "/ca/ocsp"
FRESH = timedelta(days=1)
_REASONS = {
    "keyCompromise": x509.ReasonFlags.key_compromise,
    "affiliationChanged": x509.ReasonFlags.affiliation_changed,
    "cessationOfOperation": x509.ReasonFlags.cessation_of_operation,
    "superseded": x509.ReasonFlags.superseded,
    "privilegeWithdrawn": x509.ReasonFlags.privilege_withdrawn,
}


def addresses(pages_url: str) -> list[Extension]:
    """CRL distribution point and authority information access of a certificate."""
    points = x509.CRLDistributionPoints(
        [x509.DistributionPoint([x509.UniformResourceIdentifier(pages_url + CRL)], None, None, None)]
    )
    methods = {AuthorityInformationAccessOID.OCSP: OCSP, AuthorityInformationAccessOID.CA_ISSUERS: ISSUER}
    access = x509.AuthorityInformationAccess(
        [
            x509.AccessDescription(method, x509.UniformResourceIdentifier(pages_url + path))
            for method, path in methods.items()
        ]
    )
    return [(points, False), (access, False)]


def issuer(state: AppState) -> bytes:
    """The certificate of the issuing CA, DER."""
    return state.authority.issuing.certificate.public_bytes(serialization.Encoding.DER)


def revocation_list(state: AppState) -> bytes:
    """Signed again each time, DER; so a revocation shows at once."""
    signer, now = state.authority.issuing, _moment(state.clock.now())
    with state.store.transaction() as db:
        rows = db.execute("SELECT * FROM certificate WHERE revoked_at IS NOT NULL ORDER BY number").fetchall()
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(signer.certificate.subject)
        .last_update(now)
        .next_update(now + FRESH)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key()), critical=False
        )
        .add_extension(x509.CRLNumber(int(state.clock.now() * 1000)), critical=False)
    )
    for row in rows:
        builder = builder.add_revoked_certificate(_entry(row))
    return builder.sign(signer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _entry(row: Row) -> x509.RevokedCertificate:
    builder = (
        x509.RevokedCertificateBuilder()
        .serial_number(int(row["serial"], 16))
        .revocation_date(_moment(row["revoked_at"]))
    )
    reason = _REASONS.get(row["reason"])
    return (builder.add_extension(x509.CRLReason(reason), critical=False) if reason else builder).build()


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)


def ocsp_answer(state: AppState, data: bytes) -> bytes:
    """The answer to one OCSP request about one certificate, DER, signed by the issuing CA itself."""
    try:
        asked = ocsp.load_der_ocsp_request(data)
        nonces = [
            extension.value for extension in asked.extensions if isinstance(extension.value, x509.OCSPNonce)
        ]
        builder = _about(state, asked)
    except (ValueError, TypeError, NotImplementedError, x509.DuplicateExtension):
        broken = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
        return broken.public_bytes(serialization.Encoding.DER)
    for nonce in nonces:
        builder = builder.add_extension(nonce, critical=False)
    signer = state.authority.issuing
    answer = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, signer.certificate).sign(
        signer.key, hashes.SHA256()
    )
    return answer.public_bytes(serialization.Encoding.DER)


def _about(state: AppState, asked: ocsp.OCSPRequest) -> ocsp.OCSPResponseBuilder:
    now = state.clock.now()
    row = _row(state, asked.serial_number) if _is_ours(state.authority.issuing, asked) else None
    revoked = row["revoked_at"] if row is not None else None
    status = ocsp.OCSPCertStatus.UNKNOWN if row is None else ocsp.OCSPCertStatus.GOOD
    return ocsp.OCSPResponseBuilder().add_response_by_hash(
        asked.issuer_name_hash,
        asked.issuer_key_hash,
        asked.serial_number,
        asked.hash_algorithm,
        status if revoked is None else ocsp.OCSPCertStatus.REVOKED,
        _moment(now),
        _moment(now) + FRESH,
        None if revoked is None else _moment(revoked),
        None if row is None else _REASONS.get(row["reason"] or ""),
    )


def _row(state: AppState, serial: int) -> Row | None:
    """A certificate that has been issued, to a key of HVCA or as an mTLS certificate."""
    now, text = state.clock.now(), serial_text(serial) if serial >= 0 else ""
    with state.store.transaction() as db:
        row: Row | None = db.execute(
            "SELECT revoked_at, reason FROM certificate WHERE serial = ?1 AND issued_at <= ?2 AND rejected = 0"
            " UNION ALL SELECT NULL, NULL FROM mtls_certificate WHERE serial = ?1 AND issued_at <= ?2",
            (text, now),
        ).fetchone()
    return row


def _is_ours(signer: Signer, asked: ocsp.OCSPRequest) -> bool:
    """Whether the request names the issuing CA as the issuer (RFC 6960 section 4.1.1: hash of its key's bits)."""
    digest = hashes.Hash(asked.hash_algorithm)
    digest.update(
        signer.key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)
    )
    return digest.finalize() == asked.issuer_key_hash
