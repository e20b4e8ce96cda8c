"""What the watch of tests/outside_calls.py sees: a PFX that is opened, and a server that is asked, in a transaction.

It watches every test of the suite; that nothing in the portal does so is what those tests show.
"""

import pytest
from django.db import transaction

from certs import pfx
from certs.azure_key_vault import AzureKeyVault, AzureKeyVaultUnavailable
from certs.findings.openssl_commands import SUBJECT
from tests.certs.azure_key_vault.client_factories import Identity
from tests.certs.x509_factories import intermediate, leaf, rsa_key
from tests.outside_calls import Watch

CHAIN = [intermediate().certificate]


@pytest.fixture
def file() -> bytes:
    return pfx.build(rsa_key(), leaf(), CHAIN)


def _seen(watch: Watch) -> list[str]:
    """What was seen, and forgotten here, so that the test that wanted it does not fail for it."""
    calls, watch.calls = watch.calls, []
    return calls


@pytest.mark.django_db(transaction=True)
def test_a_pfx_that_is_opened_in_a_transaction_is_seen(outside_calls: Watch, file: bytes) -> None:
    pfx.read(file)
    assert _seen(outside_calls) == []
    with transaction.atomic():
        pfx.read(file)  # by the process that was started for the one before
    seen = _seen(outside_calls)
    assert [each.partition(" ")[0] for each in seen] == ["certs.pfx_reader_client.ask"]
    assert "certs/pfx_reading.py" in seen[0]
    assert outside_calls.pfx_files == 2


@pytest.mark.django_db
def test_it_is_seen_within_the_transaction_of_a_test_too(outside_calls: Watch, file: bytes) -> None:
    pfx.read(file)
    assert _seen(outside_calls) == []
    with transaction.atomic():
        pfx.read(file)
    assert len(_seen(outside_calls)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_server_that_is_asked_in_a_transaction_is_seen(outside_calls: Watch) -> None:
    vault = AzureKeyVault("https://127.0.0.1:9", Identity(), None)
    with transaction.atomic(), pytest.raises(AzureKeyVaultUnavailable):
        vault.request(SUBJECT)
    assert any(each.startswith("socket.connect") for each in _seen(outside_calls))
