"""What a key vault refuses about a good key: it says what to fix, and never to throw the key away.

Rights, firewalls and outages are in test_azure_key_vault.py.
"""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from certs.findings.catalogue import CATALOGUE
from tests.certs.azure_key_vault.client_factories import CHAIN, NAME, certificate, refused

HOUR = timedelta(hours=1)


@pytest.fixture
def merged(client, vault) -> None:
    client.merge(NAME, certificate(client.request(NAME)), CHAIN)


@pytest.mark.usefixtures("merged")
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"enabled": False}, "vault-disabled"),
        ({"ends": datetime.now(UTC) - HOUR}, "vault-expired"),
        ({"starts": datetime.now(UTC) + HOUR}, "vault-not-yet"),
    ],
    ids=["disabled", "expired", "not yet valid"],
)
def test_a_secret_that_is_shut_is_no_lack_of_rights(client, vault, changed, code: str) -> None:
    vars(vault.entries[NAME]).update(changed)
    said = refused(lambda: client.export(NAME), code)
    assert "Secrets User" not in said


@pytest.mark.usefixtures("merged")
def test_what_is_not_there_may_be_recovered_and_is_no_lost_request(client, vault) -> None:
    del vault.entries[NAME]
    said = refused(lambda: client.export(NAME), "vault-not-there")
    assert "recover" in said


def test_only_a_missing_pending_request_asks_for_a_new_csr(client, vault) -> None:
    issued = certificate(client.request(NAME))
    vault.answer("DELETE", f"/certificates/{NAME}/pending", {})
    refused(lambda: client.merge(NAME, issued, CHAIN), "vault-pending-gone")
    new = "Make a new request"
    assert [
        code for code in CATALOGUE if code.startswith("vault-") and CATALOGUE[code].fix.startswith(new)
    ] == [
        "vault-pending-gone",
        "vault-issuer",
    ]


def test_an_address_that_the_vault_does_not_know_is_no_lost_request(client, vault) -> None:
    csr = client.request(NAME)
    vault.answer = lambda *asked: (404, {"error": {"code": "NotFound", "message": str(uuid.uuid4())}})
    assert "HTTP 404" in refused(lambda: client.merge(NAME, certificate(csr), CHAIN), "vault-unknown")
