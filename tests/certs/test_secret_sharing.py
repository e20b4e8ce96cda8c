"""A passed secret: sealed, opened by one of two who ask at once, and then gone.

Who may pass one on is tested in tests/handover/test_secret_sharing.py.
"""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from django.utils import timezone

from certs import secret_sharing, vault
from certs.models import Secret, SharedSecret
from certs.secret_sharing import Gone, What
from tests.certs import x509_factories
from tests.concurrency import race, split

ROUNDS = 30


def _passed(content: bytes = b"a secret of the tests", **more: object) -> SharedSecret:
    values = {"company_id": uuid4(), "case_id": uuid4(), "handover_id": uuid4(), "from_id": 1, "to_id": 2}
    until = timezone.now() + timedelta(days=7)
    return secret_sharing.share(What.PFX, content, **(values | {"until": until} | more))  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_at_once_one_gets_it() -> None:
    for _ in range(ROUNDS):
        row = _passed()
        (won,), (lost,) = split(race(*[partial(secret_sharing.open_once, row.pk, 2)] * 2))
        assert won.content == b"a secret of the tests"
        assert isinstance(lost, Gone)
        assert not Secret.objects.filter(destroyed_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_of_opening_and_taking_back_one_happens() -> None:
    for _ in range(ROUNDS):
        row = _passed()
        (_won,), (lost,) = split(
            race(
                partial(secret_sharing.open_once, row.pk, 2), partial(secret_sharing.destroy_unopened, row.pk)
            )
        )
        assert isinstance(lost, Gone)
        row.refresh_from_db()
        assert (row.opened_at is None) != (row.taken_back_at is None)


@pytest.mark.django_db
def test_nobody_else_opens_it() -> None:
    row = _passed()
    with pytest.raises(SharedSecret.DoesNotExist):
        secret_sharing.open_once(row.pk, 1)
    assert secret_sharing.open_once(row.pk, 2).content == b"a secret of the tests"


@pytest.mark.django_db
def test_if_it_does_not_open_it_stays() -> None:
    row = _passed()
    Secret.objects.filter(pk=row.secret_id).update(record_id=uuid4())
    with pytest.raises(vault.VaultError):
        secret_sharing.open_once(row.pk, 2)
    row.refresh_from_db()
    assert row.opened_at is None


@pytest.mark.django_db
def test_it_lives_for_two_weeks_at_most_and_is_never_empty() -> None:
    with pytest.raises(ValueError, match="two weeks"):
        _passed(until=timezone.now() + timedelta(days=30))
    with pytest.raises(vault.VaultError):
        _passed(b"")
    assert not Secret.objects.exists()


def test_what_it_is_said_to_be_is_looked_at() -> None:
    key = x509_factories.rsa_key("one")
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"of the tests"))
    assert secret_sharing.matches_kind(What.PRIVATE_KEY, pem)
    assert not secret_sharing.matches_kind(What.PFX, pem)
    assert not secret_sharing.matches_kind(What.PRIVATE_KEY, b"-----BEGIN CERTIFICATE-----")
    assert not secret_sharing.matches_kind(What.PFX, b"")
    assert not secret_sharing.matches_kind(What.PRIVATE_KEY, pem * 1000)
