"""The portal's own sign-in to Azure: an Entra ID that is away is no fault of anybody's settings.

The vault's own 401 is in test_azure_key_vault.py, too.
"""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from azure.identity import ClientSecretCredential, CredentialUnavailableError

from certs.azure_identity import PortalIdentity, portal_identity
from certs.azure_key_vault import AzureKeyVault, AzureKeyVaultUnavailable
from tests.certs.azure_key_vault import fake_entra as answers
from tests.certs.azure_key_vault.client_factories import NAME, Identity, refused
from tests.certs.azure_key_vault.fake_entra import FakeEntra
from tests.certs.azure_key_vault.fake_key_vault import FakeKeyVault

SECRET = "canary-of-the-app-registration"


@pytest.fixture
def nowhere() -> Iterator[str]:
    """A port of loopback that is taken and refuses connections."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, nowhere: str) -> Iterator[pytest.MonkeyPatch]:
    """A machine whose ways to Azure end on loopback: the proxy, and the service that knows managed identities."""
    for name in ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTPS_PROXY", "https_proxy", "AZURE_POD_IDENTITY_AUTHORITY_HOST"):
        monkeypatch.setenv(name, f"http://{nowhere}")
    portal_identity.cache_clear()
    yield monkeypatch
    portal_identity.cache_clear()


@pytest.fixture
def entra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeEntra]:
    with FakeEntra(tmp_path) as running:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(running.root))
        yield running


def registered(machine: pytest.MonkeyPatch, tenant: str = "tenant") -> None:
    """An app registration, as docs/operations.md sets it; the vault's tenant is called tenant."""
    for name, value in (("TENANT_ID", tenant), ("CLIENT_ID", "app"), ("CLIENT_SECRET", SECRET)):
        machine.setenv(f"AZURE_{name}", value)


def signing_in(authority: str, vault: FakeKeyVault) -> AzureKeyVault:
    """A vault that is asked with an app registration of that authority."""
    app = ClientSecretCredential(
        "tenant", "app", SECRET, authority=authority, disable_instance_discovery=True, retry_total=0
    )
    return AzureKeyVault(vault.url, PortalIdentity([app]), vault.root)


def test_an_authority_that_refuses_connections_is_asked_again_later(vault, nowhere: str) -> None:
    away = signing_in(f"https://{nowhere}", vault)
    for _ in range(2):
        with pytest.raises(AzureKeyVaultUnavailable, match="sign-in to Azure"):
            away.request(NAME)


def test_the_same_holds_for_the_whole_chain_of_the_machine(vault, machine) -> None:
    registered(machine)
    with pytest.raises(AzureKeyVaultUnavailable, match="sign-in to Azure"):
        AzureKeyVault(vault.url, portal_identity(), vault.root).request(NAME)


def test_a_busy_authority_is_asked_again_later(vault, entra: FakeEntra) -> None:
    entra.says = answers.BUSY
    with pytest.raises(AzureKeyVaultUnavailable, match="sign-in to Azure"):
        signing_in(entra.url, vault).request(NAME)
    entra.says = answers.GIVEN
    assert signing_in(entra.url, vault).request(NAME)


def test_a_refused_secret_is_a_fault_of_the_settings(vault, entra: FakeEntra, caplog) -> None:
    client = signing_in(entra.url, vault)
    entra.says = answers.REFUSED
    assert SECRET not in refused(lambda: client.request(NAME), "vault-sign-in")
    assert SECRET not in caplog.text


def test_a_machine_without_an_identity_is_a_fault_of_the_settings(vault, machine) -> None:
    refused(lambda: AzureKeyVault(vault.url, portal_identity(), vault.root).request(NAME), "vault-sign-in")


def test_an_identity_of_another_tenant_is_a_fault_of_the_settings(vault, machine) -> None:
    registered(machine, tenant="somebody-else")
    refused(lambda: AzureKeyVault(vault.url, portal_identity(), vault.root).request(NAME), "vault-sign-in")


def test_an_identity_that_has_worked_and_is_gone_is_away(vault) -> None:
    class Managed(Identity):
        gone = False

        def get_token(self, *scopes: str, **options: object):
            if self.gone:
                raise CredentialUnavailableError("no response from the IMDS endpoint")
            return super().get_token(*scopes)

    managed = Managed()
    own = PortalIdentity([managed])
    assert AzureKeyVault(vault.url, own, vault.root).request(NAME)
    managed.gone = True
    with pytest.raises(AzureKeyVaultUnavailable, match="sign-in to Azure"):
        AzureKeyVault(vault.url, own, vault.root).request(NAME)


def test_the_identity_is_never_that_of_a_person(machine) -> None:
    registered(machine)
    kinds = {type(each).__name__ for each in portal_identity().credentials}
    assert kinds <= {
        "EnvironmentCredential",
        "WorkloadIdentityCredential",
        "FailedDACCredential",
        "ManagedIdentityCredential",
    }
