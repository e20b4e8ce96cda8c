"""A local Atlas in a hurry for tests of the portal, and the portal's settings with and without its account API.

Tests of the Atlas client and of the local Atlas itself have their own fixtures in tests/atlas/.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from atlas.sandbox.server import Sandbox
from config.env import Portal

SPEED = 400_000  # a day of vetting passes in a fifth of a second


@pytest.fixture(scope="session")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """The local Atlas, over real TLS, one for the whole run."""
    sandbox = Sandbox(tmp_path_factory.mktemp("atlas"), speed=SPEED)
    sandbox.start()
    yield sandbox
    sandbox.stop()


def with_account_api(portal: Portal, url: str, atlas: Sandbox) -> Portal:
    """The settings with Atlas's account side at `url`, trusting the local Atlas's root."""
    return portal.model_copy(
        update={
            "account_api_url": url,
            "account_api_token": SecretStr(atlas.account_token),
            "account_api_root": atlas.root_path,
            "poll_speed": 1000.0,
        }
    )


@pytest.fixture
def without_api(settings: Any, atlas: Sandbox) -> Sandbox:
    """The portal knows HVCA and the Atlas pages, but no account API: people confirm what they saw."""
    settings.PORTAL = settings.PORTAL.model_copy(
        update={
            "hvca_url": atlas.url,
            "hvca_root": atlas.root_path,
            "atlas_portal_url": atlas.pages_url,
            "poll_speed": 1000.0,
        }
    )
    return atlas


@pytest.fixture
def with_api(settings: Any, without_api: Sandbox) -> Sandbox:
    """The portal knows the account API of the local Atlas as well."""
    settings.PORTAL = with_account_api(settings.PORTAL, without_api.account_url, without_api)
    return without_api
