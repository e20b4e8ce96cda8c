"""Fixtures: a stand-in for the key vault, a client of it, and an identity in Azure that it knows.

The rest comes from the fixtures of the journey.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from certs.azure_identity import portal_identity
from certs.azure_key_vault import AzureKeyVault
from onboarding.journey.polling import azure_key_vault
from tests.certs.azure_key_vault.client_factories import Identity
from tests.certs.azure_key_vault.fake_key_vault import FakeKeyVault
from tests.certs.azure_key_vault.worker_actions import certify, work
from tests.journey import step_actions
from tests.people_fixtures import client_of


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[FakeKeyVault]:
    with FakeKeyVault(tmp_path) as running:
        yield running


@pytest.fixture
def client(vault: FakeKeyVault) -> AzureKeyVault:
    return AzureKeyVault(vault.url, Identity(), vault.root)


@pytest.fixture
def identity(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine's identity in Azure."""
    portal_identity.cache_clear()
    monkeypatch.setattr("azure.identity.DefaultAzureCredential", Identity)
    yield
    portal_identity.cache_clear()


@pytest.fixture
def connected(settings, vault: FakeKeyVault, identity: None, people) -> FakeKeyVault:
    """Company one's vault is connected; company two's is not."""
    settings.PORTAL = settings.PORTAL.model_copy(
        update={"key_vaults": {people.one.slug: vault.url}, "key_vault_root": vault.root, "poll_speed": 1e6}
    )
    return vault


@pytest.fixture
def tess(people) -> Client:
    return client_of(people.tess)


@pytest.fixture
def at_csr(onboarding, people) -> str:
    step_actions.bring_to(onboarding, people, step_actions.step_action("csr"))
    return step_actions.step_action("csr").path(onboarding)


@pytest.fixture
def at_pfx(connected, onboarding, people, tess, at_csr) -> str:
    tess.post(at_csr, {"way": azure_key_vault.WAY})
    assert work(onboarding, "csr").state == "done"
    certify(onboarding, people)
    return step_actions.step_action("pfx").path(onboarding)
