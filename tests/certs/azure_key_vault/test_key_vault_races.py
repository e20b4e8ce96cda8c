"""Two workers, or a worker and the vault's owner, at the same request: nothing is made twice and nothing is lost.

Each test lets the other one act between the client's look and its deed.
"""

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from certs.azure_key_vault import AzureKeyVaultUnavailable
from tests.certs.azure_key_vault.client_factories import CHAIN, NAME, certificate, refused
from tests.certs.azure_key_vault.entries import Refused

PENDING = f"/certificates/{NAME}/pending"


def meanwhile(vault, method: str, path: str, step_action) -> None:
    """Once, just before the vault answers this, somebody else does `deed`."""
    done: list[Any] = []

    def first() -> None:
        if vault.asked[-1] == (method, path) and not done:
            done.append(step_action())

    vault.failing = first


def sent(issued) -> str:
    """As the package sends a certificate."""
    return base64.b64encode(issued.public_bytes(Encoding.DER)).decode()


def created(vault) -> int:
    return vault.asked.count(("POST", f"/certificates/{NAME}/create"))


def test_a_request_that_appears_before_ours_is_taken(client, vault) -> None:
    policy = {
        "key_props": {"exportable": True, "kty": "RSA", "key_size": 4096, "reuse_key": False},
        "secret_props": {"contentType": "application/x-pkcs12"},
        "x509_props": {"subject": "CN=onboarding_key"},
    }
    create = f"/certificates/{NAME}/create"
    meanwhile(vault, "POST", create, lambda: vault.answer("POST", create, {"policy": policy}))
    assert client.request(NAME) == vault.entries[NAME].csr


def test_a_name_that_is_not_free_and_has_no_request_is_still_refused(client, vault) -> None:
    vault.deleted.add(NAME)
    refused(lambda: client.request(NAME), "vault-deleted")


def test_a_merge_that_comes_before_ours_is_as_good(client, vault) -> None:
    issued = certificate(client.request(NAME))
    entry = vault.entries[NAME]
    given = {"x5c": [sent(each) for each in (issued, *CHAIN)]}
    merge = f"{PENDING}/merge"
    meanwhile(vault, "POST", merge, lambda: vault.answer("POST", merge, given))
    client.merge(NAME, issued, CHAIN)
    assert entry.status == "completed"


def test_a_merge_of_another_certificate_before_ours_is_refused(client, vault) -> None:
    csr = client.request(NAME)
    other = {"x5c": [sent(certificate(csr))]}
    merge = f"{PENDING}/merge"
    meanwhile(vault, "POST", merge, lambda: vault.answer("POST", merge, other))
    refused(lambda: client.merge(NAME, certificate(csr), CHAIN), "vault-pending-gone")


def test_a_vault_that_goes_away_before_the_second_look_is_asked_again_later(client, vault) -> None:
    issued = certificate(client.request(NAME))
    vault.answer("DELETE", PENDING, {})
    merges: list[bool] = []

    def away_after_the_merge() -> None:
        if merges:
            raise Refused(503, "Busy", "busy")
        if vault.asked[-1][1].endswith("merge"):
            merges.append(True)

    vault.failing = away_after_the_merge
    with pytest.raises(AzureKeyVaultUnavailable):
        client.merge(NAME, issued, CHAIN)


def test_a_request_that_was_completed_is_found_again_and_no_second_one_is_made(client, vault) -> None:
    csr = client.request(NAME)
    client.merge(NAME, certificate(csr), CHAIN)
    assert client.request(NAME) == csr
    assert created(vault) == 1


def test_a_finished_certificate_without_its_request_is_not_hidden_by_a_new_one(client, vault) -> None:
    csr = client.request(NAME)
    client.merge(NAME, certificate(csr), CHAIN)
    vault.answer("DELETE", PENDING, {})
    refused(lambda: client.request(NAME), "vault-taken")
    assert created(vault) == 1


@pytest.mark.parametrize(("method", "body"), [("PATCH", {"cancellation_requested": True}), ("DELETE", {})])
def test_a_request_that_its_owner_took_back_is_made_anew(client, vault, method: str, body: dict) -> None:
    client.request(NAME)
    vault.answer(method, PENDING, body)
    assert client.request(NAME)
    assert created(vault) == 2
    assert vault.entries[NAME].status == "inProgress"
