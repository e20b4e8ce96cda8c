"""PFX files (PKCS#12, RFC 7292) of a case: make one from what the vault holds, take one in, hand one out once.

How they are written is in pfx_encryption.py, how they are read in pfx_reading.py.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from django.db import transaction
from django.db.models import Q, QuerySet
from django.views.decorators.debug import sensitive_variables

from atlas.types import ClientIdentity
from certs import keys, one_time_grants, vault
from certs.certificate import load_chain
from certs.chain import order_chain
from certs.findings import Finding, InvalidArtifact, refuse_errors
from certs.findings.catalogue import finding
from certs.findings.codes import FindingCode
from certs.models import Bundle, Certificate, OneTimeGrant, Secret
from certs.pfx_encryption import (
    BUILDABLE,
    PfxEncryption,
    build,
    build_with_open_certificates,
    export_pem,
    generate_password,
)
from certs.pfx_reading import PfxReading, read, unlock
from certs.proof_of_possession import BuiltPfx, proves_possession

__all__ = [
    "BUILDABLE",
    "GRANT",
    "Download",
    "PfxEncryption",
    "PfxReading",
    "build",
    "build_with_open_certificates",
    "content_of",
    "destroy_undownloaded",
    "download_and_destroy",
    "download_once",
    "export_pem",
    "generate_password",
    "grant_download",
    "identity",
    "is_grant_of_case",
    "is_proven",
    "make",
    "read",
    "record_browser_bundle",
    "require_fit",
    "store",
]

PURPOSE, PASSWORD_PURPOSE = Secret.Purpose.PFX.value, Secret.Purpose.PFX_PASSWORD.value
# Another file of a private key, its certificate and its issuers: PEM, or a PFX that needs no password.
Rewrite = Callable[[RSAPrivateKey, x509.Certificate, Sequence[x509.Certificate]], bytes]
GRANT = OneTimeGrant.Kind.PFX.value


@dataclass(frozen=True)
class Download:
    """A file with a private key, to be sent to one person now. `password` is empty if it has none."""

    data: bytes = field(repr=False)
    password: str = field(repr=False)


@sensitive_variables()
def make(
    company_id: UUID,
    case_id: UUID,
    certificate: Certificate,
    encryption: PfxEncryption = PfxEncryption.PASSWORDLESS,
) -> Bundle:
    """A PFX of the secret key, the certificate and its issuers; sealed at once, with its password if it has one.

    Raises InvalidArtifact `reveal-gone` if we do not hold the key (any more).
    """
    sealed = certificate.signing_request.key
    if sealed is None or sealed.destroyed_at:
        raise InvalidArtifact([finding(FindingCode.REVEAL_GONE)])
    # Checking the primes again would take a quarter of a second; the vault vouches that nothing was changed.
    key = load_der_private_key(vault.open_secret(sealed), None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, RSAPrivateKey)
    leaf = x509.load_pem_x509_certificate(certificate.pem.encode())
    password = generate_password() if encryption.has_password else ""
    data = build(key, leaf, load_chain(certificate.chain_pem), encryption, password or None)
    return _store(
        Bundle(source=Bundle.Source.PORTAL, encryption=encryption),
        company_id,
        case_id,
        certificate,
        data,
        password,
    )


def require_fit(reading: PfxReading, certificate: Certificate) -> None:
    """Raise InvalidArtifact with every finding if there is an error among them: a password, an expired certificate,
    another key.

    It compares what read() has found with the case's certificate and opens nothing.
    """
    wanted = certificate.signing_request.public_key_sha256
    refuse_errors([*reading.findings, *_other_key(reading.public_key_sha256, wanted)])


@sensitive_variables()
def store(
    company_id: UUID,
    case_id: UUID,
    data: bytes,
    reading: PfxReading,
    certificate: Certificate,
    *,
    keep: bool,
    source: Bundle.Source = Bundle.Source.UPLOAD,
) -> Bundle:
    """Note the fingerprint of a PFX that somebody brought; the file itself is sealed only if `keep`.

    `reading` is what read() said of `data`. The file is not opened again: that takes up to the reader's MAX_SECONDS,
    and whoever calls this has the onboarding's row locked. Raises InvalidArtifact as require_fit() does,
    ValueError if `reading` is another file's.
    """
    if reading.sha256 != hashlib.sha256(data).hexdigest():
        raise ValueError("This is what was read in another file.")
    require_fit(reading, certificate)
    bundle = Bundle(source=source, encryption=reading.encryption)
    return _store(bundle, company_id, case_id, certificate, data, "", seal=keep)


def is_proven(certificate: Certificate, built: BuiltPfx, words: str) -> bool:
    """Whether `words`, this certificate and this PFX were signed with the certificate's key, which we never see."""
    leaf = x509.load_pem_x509_certificate(certificate.pem.encode())
    return proves_possession(leaf, built.signature, f"{words}\n{certificate.sha256}\n{built.sha256}")


def record_browser_bundle(
    company_id: UUID, case_id: UUID, certificate: Certificate, built: BuiltPfx, words: str
) -> Bundle:
    """Note a PFX that a browser of the company built: its fingerprint only, we never see it.

    Raises InvalidArtifact unless whoever built it has the certificate's key (is_proven).
    """
    if not is_proven(certificate, built, words):
        raise InvalidArtifact([finding(FindingCode.PFX_NOT_PROVEN)])
    bundle = Bundle(source=Bundle.Source.BROWSER, encryption=PfxEncryption.PASSWORDLESS, sha256=built.sha256)
    bundle.certificate, bundle.company_id, bundle.case_id = certificate, company_id, case_id
    bundle.save(force_insert=True)
    return bundle


@sensitive_variables()
def identity(bundle: Bundle) -> ClientIdentity:
    """Certificate, key and issuers in PEM, to sign in with. Raises InvalidArtifact `reveal-gone`, VaultError."""
    key, leaf, issuers = _contents(bundle)
    return ClientIdentity(
        certificate_pem=leaf.public_bytes(Encoding.PEM),
        private_key_pem=key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        chain_pem=b"".join(issuer.public_bytes(Encoding.PEM) for issuer in issuers),
    )


def grant_download(bundle: Bundle, person_id: object, sign_in: str = "") -> OneTimeGrant:
    """Permission for this person to download the PFX once, or once per sign-in if that is named.

    The caller has checked who it is, just now.
    """
    return one_time_grants.create_grant(GRANT, bundle.pk, person_id, sign_in)


def is_grant_of_case(grant_id: UUID, case: UUID) -> bool:
    """Whether this grant leads to a PFX of this case; False for a grant that does not exist."""
    built = OneTimeGrant.objects.filter(pk=grant_id).values("record_id")
    return Bundle.objects.filter(pk__in=built, case_id=case).exists()


@sensitive_variables()
def download_once(grant_id: UUID, person_id: object, rewrite: Rewrite | None = None) -> Download:
    """The PFX, or what `rewrite` makes of its contents, once per grant; the caller records it.

    Raises InvalidArtifact (`reveal-used`, `reveal-expired`, `reveal-gone`). If it cannot be opened, the grant stays
    unused.
    """
    with transaction.atomic():
        record_id = one_time_grants.use_grant(grant_id, GRANT, person_id)
        bundle = Bundle.objects.select_related("secret", "password").filter(pk=record_id).first()
        if bundle is None:
            raise InvalidArtifact([finding(FindingCode.REVEAL_GONE)])
        if rewrite:
            return Download(rewrite(*_contents(bundle)), "")
        return Download(*_open(bundle))


@sensitive_variables()
def download_and_destroy(grant_id: UUID, person_id: object) -> Download:
    """As download_once(), for a file that was made for this one person: afterwards it is destroyed here."""
    with transaction.atomic():
        made = OneTimeGrant.objects.filter(pk=grant_id).values("record_id")
        mine = Bundle.objects.filter(pk__in=made, password__isnull=False)
        if not mine.exists():  # the case's own PFX is not handed out so
            raise InvalidArtifact([finding(FindingCode.REVEAL_GONE)])
        handed = download_once(grant_id, person_id)
        _destroy(mine)
    return handed


def destroy_undownloaded(case_id: UUID, person_id: object) -> None:
    """Destroy the case's PFX files that were built with a password and not handed out.

    Those that somebody other than this person can still fetch stay.
    """
    theirs = one_time_grants.usable_grants(GRANT).exclude(person_id=str(person_id)).values("record_id")
    unfetched = Bundle.objects.filter(case_id=case_id, password__isnull=False, secret__destroyed_at=None)
    _destroy(unfetched.exclude(pk__in=theirs))


def _destroy(bundles: QuerySet[Bundle]) -> None:
    vault.destroy_all(Secret.objects.filter(Q(stored_bundle__in=bundles) | Q(bundle_password__in=bundles)))


@sensitive_variables()
def content_of(bundle: Bundle) -> bytes:
    """The stored file as it is, to be shared sealed. Raises InvalidArtifact `reveal-gone` when it is destroyed."""
    return _open(bundle)[0]


def _other_key(bundle: str, request: str) -> Iterator[Finding]:
    if bundle != request:
        yield finding(FindingCode.PFX_OTHER_KEY, bundle=bundle[: keys.SHORT], request=request[: keys.SHORT])


@sensitive_variables()
def _contents(bundle: Bundle) -> tuple[RSAPrivateKey, x509.Certificate, tuple[x509.Certificate, ...]]:
    """Key, certificate, and its issuers in order without the root."""
    contents = unlock(*_open(bundle))
    assert isinstance(contents.key, RSAPrivateKey)
    assert contents.cert is not None
    leaf = contents.cert.certificate
    return (
        contents.key,
        leaf,
        order_chain(leaf, [other.certificate for other in contents.additional_certs]).issuers,
    )


@sensitive_variables()
def _open(bundle: Bundle) -> tuple[bytes, str]:
    """The file and its password, in clear."""
    if bundle.secret is None or bundle.secret.destroyed_at:
        raise InvalidArtifact([finding(FindingCode.REVEAL_GONE)])
    password = vault.open_secret(bundle.password).decode() if bundle.password else ""
    return vault.open_secret(bundle.secret), password


@sensitive_variables()
def _store(
    bundle: Bundle,
    company_id: UUID,
    case_id: UUID,
    certificate: Certificate,
    data: bytes,
    password: str,
    *,
    seal: bool = True,
) -> Bundle:
    bundle.id, bundle.certificate = uuid4(), certificate
    bundle.company_id, bundle.case_id = company_id, case_id
    bundle.sha256 = hashlib.sha256(data).hexdigest()
    bound = {"company_id": company_id, "record_id": bundle.id}
    with transaction.atomic():
        if seal:
            bundle.secret = vault.seal(purpose=PURPOSE, plaintext=data, **bound)
        if password:
            bundle.password = vault.seal(purpose=PASSWORD_PURPOSE, plaintext=password.encode(), **bound)
        bundle.save(force_insert=True)
    return bundle
