"""The client of a key vault: the four calls, each of them twice, and every refusal as a finding.

What the journey makes of it is in test_step_pages.py.
"""

import base64
import socket

import pytest

from certs import pfx
from certs.azure_key_vault import AzureKeyVault, AzureKeyVaultUnavailable
from tests.certs import x509_factories
from tests.certs.azure_key_vault.client_factories import CHAIN, NAME, Identity, certificate, refused
from tests.certs.azure_key_vault.entries import Refused
from tests.certs.azure_key_vault.fake_key_vault import OFFICER
from tests.rules.marker import rule


@rule("R41", "R42", "R43", "R54", "T6")
def test_a_key_is_made_merged_and_exported_and_each_call_may_come_twice(client, vault) -> None:
    csr = client.request(NAME)
    assert client.request(NAME) == csr
    asked = vault.entries[NAME].policy
    assert asked["key_props"] == {"exportable": True, "kty": "RSA", "key_size": 4096, "reuse_key": False}
    assert asked["x509_props"]["subject"] == "CN=onboarding_key"
    assert asked["issuer"]["name"] == "Unknown"
    issued = certificate(csr)
    for _ in range(2):
        client.merge(NAME, issued, CHAIN)
    reading = pfx.read(client.export(NAME))
    assert reading.ok
    assert [path for method, path in vault.asked if method == "POST"] == [
        f"/certificates/{NAME}/create",
        f"/certificates/{NAME}/pending/merge",
    ]


def test_a_name_that_was_deleted_is_not_free(client, vault) -> None:
    vault.deleted.add(NAME)
    refused(lambda: client.request(NAME), "vault-deleted")


@rule("R41", "T6")
def test_a_request_of_an_integrated_authority_is_not_used(client, vault) -> None:
    csr = client.request(NAME)
    vault.entries[NAME].policy["issuer"] = {"name": "GlobalSign"}
    refused(lambda: client.request(NAME), "vault-issuer")
    refused(lambda: client.merge(NAME, certificate(csr), CHAIN), "vault-issuer")


def test_what_cannot_be_merged_says_why(client, vault) -> None:
    refused(lambda: client.merge(NAME, x509_factories.leaf(), CHAIN), "vault-pending-gone")
    client.request(NAME)
    refused(lambda: client.merge(NAME, x509_factories.leaf("two"), CHAIN), "vault-other-request")


def test_nothing_but_a_pfx_is_exported(client, vault) -> None:
    csr = client.request(NAME)
    refused(lambda: client.export(NAME), "vault-disabled")
    client.merge(NAME, certificate(csr), CHAIN)
    vault.entries[NAME].policy["secret_props"]["contentType"] = "application/x-pem-file"
    refused(lambda: client.export(NAME), "vault-no-pfx")


@pytest.mark.parametrize("lacking", sorted(OFFICER))
def test_who_lacks_a_right_is_told_which_roles_give_it(client, vault, lacking: str) -> None:
    vault.rights["token-of-the-portal"] = OFFICER - {lacking}

    def everything() -> None:
        client.merge(NAME, certificate(client.request(NAME)), CHAIN)
        client.export(NAME)

    said = refused(everything, "vault-forbidden")
    assert "Key Vault Certificates Officer" in said
    assert "Key Vault Secrets User" in said


def test_a_stranger_and_a_firewall_are_told_apart(vault) -> None:
    stranger = AzureKeyVault(vault.url, Identity("token of nobody"), vault.root)
    refused(lambda: stranger.request(NAME), "vault-sign-in")

    def closed() -> None:
        raise Refused(
            403, "Forbidden", "Client address is not authorized and caller is not a trusted service."
        )

    vault.failing = closed
    known = AzureKeyVault(vault.url, Identity(), vault.root)
    refused(lambda: known.request(NAME), "vault-firewall")


def test_an_answer_that_nobody_knows_is_refused_without_its_words(client, vault) -> None:
    def odd() -> None:
        raise Refused(418, "Teapot", "canary of the vault")

    vault.failing = odd
    assert "canary" not in refused(lambda: client.request(NAME), "vault-unknown")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_vault_is_asked_again_later(client, vault, status: int) -> None:
    def busy() -> None:
        raise Refused(
            status, "Throttled", "Request was not processed because too many requests were received."
        )

    vault.failing = busy
    with pytest.raises(AzureKeyVaultUnavailable):
        client.request(NAME)
    assert len(vault.asked) == 1


def test_a_vault_that_is_not_there_or_is_somebody_else_is_away(vault, tmp_path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = AzureKeyVault(f"https://localhost:{free.getsockname()[1]}", Identity(), vault.root)
        with pytest.raises(AzureKeyVaultUnavailable):
            nobody.request(NAME)
    other = tmp_path / "other.pem"
    other.write_bytes(x509_factories.pem_of(x509_factories.root().certificate))
    with pytest.raises(AzureKeyVaultUnavailable):
        AzureKeyVault(vault.url, Identity(), other).request(NAME)
    assert vault.asked == []


def test_text_that_is_no_base64_is_no_pfx(client, vault, monkeypatch) -> None:
    csr = client.request(NAME)
    client.merge(NAME, certificate(csr), CHAIN)
    answer = vault.answer
    wrong = base64.b64encode(b"canary").decode() + "?"
    monkeypatch.setattr(vault, "answer", lambda *asked: (200, {**answer(*asked)[1], "value": wrong}))
    assert "canary" not in refused(lambda: client.export(NAME), "vault-no-pfx")
