"""Fixtures: a stand-in for the key vault, and an identity in Azure that it knows.

The rest comes from the fixtures of the journey.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from azure.core.credentials import AccessToken

from certs import azure_vault
from tests.key_vault.stand_in import StandIn


class Identity:
    """What azure-identity gives, with a token that no Azure has signed."""

    def __init__(self, token: str = "token-of-the-portal", **options: Any) -> None:
        self.token = token

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        return AccessToken(self.token, int(time.time()) + 3600)


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[StandIn]:
    with StandIn(tmp_path) as running:
        yield running


@pytest.fixture
def identity(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine's identity in Azure."""
    azure_vault.own_identity.cache_clear()
    monkeypatch.setattr("azure.identity.DefaultAzureCredential", Identity)
    yield
    azure_vault.own_identity.cache_clear()
