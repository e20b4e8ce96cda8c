"""Once a case has served, every secret of it is destroyed; what proves what happened stays."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from certs import certificate, credentials, pfx
from certs.credentials import read_pasted
from certs.findings import InvalidArtifact
from certs.models import ApiCredential, Bundle, Secret, SigningRequest
from certs.pfx_encryption import PfxEncryption
from certs.secret_destruction import DestroyedCounts, destroy_case
from tests.certs.x509_factories import intermediate, leaf, pem_of

KEY, SECRET = "0a1b2c3d4e5f6071", "00112233445566778899aabbccddeeff00112233"


@pytest.fixture
def full(request_with_key: SigningRequest, company: UUID, case: UUID) -> Bundle:
    """A case with everything: key, credentials, a PFX without and one with a password."""
    credentials.store(company, case, read_pasted(KEY, SECRET), "dip")
    issued = certificate.accept(company, case, pem_of(leaf()), request_with_key, [intermediate().pem])
    pfx.make(company, case, issued, PfxEncryption.AES256_PASSWORD)
    return pfx.make(company, case, issued)


def test_everything_of_the_case_is_destroyed_and_counted(full: Bundle, case: UUID) -> None:
    done = destroy_case(case)
    assert done == DestroyedCounts(private_keys=1, credentials=2, bundles=3)
    assert done.total == Secret.objects.count() == 6
    assert not Secret.objects.filter(destroyed_at=None).exists()
    assert not Secret.objects.exclude(ciphertext=None, wrapped_key=None).exists()


def test_fingerprints_names_and_dates_stay(full: Bundle, case: UUID) -> None:
    destroy_case(case)
    assert ApiCredential.objects.get(case_id=case).key_last4 == KEY[-4:]
    assert Bundle.objects.get(pk=full.pk).sha256 == full.sha256
    assert SigningRequest.objects.get(case_id=case).csr_pem


def test_again_there_is_nothing_left(full: Bundle, case: UUID) -> None:
    destroy_case(case)
    assert destroy_case(case) == DestroyedCounts(0, 0, 0)


def test_another_case_of_the_same_company_is_left_alone(full: Bundle, company: UUID, case: UUID) -> None:
    other = credentials.store(company, uuid4(), read_pasted(KEY, SECRET), "other")
    destroy_case(case)
    assert credentials.load(ApiCredential.objects.get(pk=other.pk)).api_secret == SECRET
    assert destroy_case(uuid4()).total == 0


def test_a_grant_that_was_not_used_yet_ends(full: Bundle, case: UUID) -> None:
    grant = pfx.grant_download(full, 7)
    destroy_case(case)
    with pytest.raises(InvalidArtifact) as caught:
        pfx.download_once(grant.pk, 7)
    assert caught.value.codes == ("reveal-used",)
    with pytest.raises(InvalidArtifact) as caught:
        pfx.download_once(pfx.grant_download(full, 7).pk, 7)
    assert caught.value.codes == ("reveal-gone",)
