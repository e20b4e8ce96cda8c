"""The PFX of a case: made of the vault's key or brought along, kept or not, handed out once."""

from __future__ import annotations

from uuid import UUID

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    load_pem_private_key,
)

from certs import keys, pfx, vault
from certs.findings import InvalidArtifact
from certs.models import Bundle, Certificate, Secret
from certs.pfx_encryption import BUILDABLE, PfxEncryption
from certs.proof_of_possession import BuiltPfx
from tests.certs.x509_factories import (
    intermediate,
    issue,
    key_pem,
    leaf,
    root,
    rsa_key,
)

CHAIN = [intermediate().certificate]


@pytest.mark.parametrize("encryption", BUILDABLE)
def test_the_vaults_key_becomes_a_sealed_pfx(
    certificate_with_key: Certificate, company: UUID, case: UUID, encryption: PfxEncryption
) -> None:
    bundle = pfx.make(company, case, certificate_with_key, encryption)
    assert (bundle.source, bundle.encryption, bundle.certificate) == (
        Bundle.Source.PORTAL,
        encryption,
        certificate_with_key,
    )
    assert (bundle.password is not None) is encryption.has_password
    grant = pfx.grant_download(bundle, 7)
    got = pfx.download_once(grant.pk, 7)
    reading = pfx.read(got.data, got.password)
    assert (reading.encryption, reading.sha256) == (encryption, bundle.sha256)
    assert reading.chain_pem == intermediate().pem
    assert repr(got) == "Download()"


def test_a_download_happens_once_per_grant(
    certificate_with_key: Certificate, company: UUID, case: UUID
) -> None:
    bundle = pfx.make(company, case, certificate_with_key)
    grant = pfx.grant_download(bundle, 7)
    pfx.download_once(grant.pk, 7)
    with pytest.raises(InvalidArtifact) as caught:
        pfx.download_once(grant.pk, 7)
    assert caught.value.codes == ("reveal-used",)


def test_the_same_can_be_had_as_pem(certificate_with_key: Certificate, company: UUID, case: UUID) -> None:
    bundle = pfx.make(company, case, certificate_with_key, PfxEncryption.AES256_PASSWORD)
    got = pfx.download_once(pfx.grant_download(bundle, 7).pk, 7, pfx.export_pem)
    assert got.password == ""
    assert keys.spki_sha256(load_pem_private_key(got.data, None).public_key()) == (  # type: ignore[arg-type]
        certificate_with_key.signing_request.public_key_sha256
    )
    assert got.data.count(b"BEGIN CERTIFICATE") == 2


def test_without_the_key_none_can_be_made(own: Certificate, company: UUID, case: UUID) -> None:
    with pytest.raises(InvalidArtifact) as caught:
        pfx.make(company, case, own)
    assert caught.value.codes == ("reveal-gone",)


def test_after_the_key_was_destroyed_none_can_be_made(
    certificate_with_key: Certificate, company: UUID, case: UUID
) -> None:
    assert certificate_with_key.signing_request.key is not None
    vault.destroy(certificate_with_key.signing_request.key)
    with pytest.raises(InvalidArtifact):
        pfx.make(company, case, Certificate.objects.get(pk=certificate_with_key.pk))


@pytest.mark.parametrize("keep", [True, False])
def test_an_uploaded_one_is_checked_and_kept_only_if_wanted(
    own: Certificate, company: UUID, case: UUID, keep: bool
) -> None:
    data = pfx.build(rsa_key(), leaf(), CHAIN)
    bundle = pfx.store(company, case, data, pfx.read(data), own, keep=keep)
    assert (bundle.source, bundle.encryption) == (Bundle.Source.UPLOAD, PfxEncryption.PASSWORDLESS)
    assert (bundle.secret is not None) is keep
    assert Secret.objects.count() == int(keep)
    if keep:
        assert pfx.download_once(pfx.grant_download(bundle, 7).pk, 7).data == data
    else:
        with pytest.raises(InvalidArtifact):
            pfx.download_once(pfx.grant_download(bundle, 7).pk, 7)


def test_an_uploaded_one_of_another_key_is_refused(own: Certificate, company: UUID, case: UUID) -> None:
    other = issue(rsa_key("two").public_key(), intermediate())
    data = pfx.build(rsa_key("two"), other, CHAIN)
    with pytest.raises(InvalidArtifact) as caught:
        pfx.store(company, case, data, pfx.read(data), own, keep=True)
    assert caught.value.codes[0] == "pfx-other-key"
    assert not Bundle.objects.exists()
    assert not Secret.objects.exists()


def test_what_it_signs_in_with_is_leaf_key_and_issuers_without_the_root(
    own: Certificate, company: UUID, case: UUID
) -> None:
    data = pfx.build(rsa_key(), leaf(), [root().certificate, *CHAIN])
    identity = pfx.identity(pfx.store(company, case, data, pfx.read(data), own, keep=True))
    assert identity.certificate_pem == leaf().public_bytes(Encoding.PEM)
    assert identity.chain_pem.decode() == intermediate().pem
    assert identity.private_key_pem == key_pem(rsa_key())


def test_a_pfx_that_a_browser_says_it_built_needs_the_certificates_key(
    certificate_with_key: Certificate, company: UUID, case: UUID
) -> None:
    built = BuiltPfx("ab" * 32, b"signed with nothing")
    with pytest.raises(InvalidArtifact) as caught:
        pfx.record_browser_bundle(company, case, certificate_with_key, built, "words")
    assert caught.value.codes == ("pfx-not-proven",)
    assert not Bundle.objects.exists()
