"""What several tests of this room need: the root of the test authority, and two local Atlases.
Not here: broken peers; each test starts its own.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from atlas.sandbox.server import Sandbox
from tests.atlas.authority import authority


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The root that the broken peers chain to, as a file."""
    file = tmp_path / "test-root.pem"
    file.write_bytes(authority("test root").pem)
    return file


@pytest.fixture(scope="session")
def patient_atlas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A local Atlas that takes its real time: what is ordered stays pending for the length of a test."""
    sandbox = Sandbox(tmp_path_factory.mktemp("patient"))
    sandbox.start()
    yield sandbox
    sandbox.stop()


@pytest.fixture(scope="session")
def quick_atlas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A local Atlas where a day passes in less than half a second."""
    sandbox = Sandbox(tmp_path_factory.mktemp("quick"), speed=200_000)
    sandbox.start()
    yield sandbox
    sandbox.stop()
