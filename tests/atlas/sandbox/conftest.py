"""Local Atlases for the tests of this room: one that takes its time, one that is in a hurry, and clients of both.

Not here: what the tests say to them.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from atlas.sandbox.server import Sandbox
from tests.atlas.sandbox.api_client import Account, Company, Hvca

Start = Callable[..., Sandbox]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Makes a new folder."""
    return lambda: tmp_path_factory.mktemp("sandbox")


@pytest.fixture(scope="session")
def slow(folder: Callable[[], Path]) -> Iterator[Sandbox]:
    """Takes the time that Atlas takes."""
    sandbox = Sandbox(folder())
    sandbox.start()
    yield sandbox
    sandbox.stop()


@pytest.fixture(scope="session")
def fast(folder: Callable[[], Path]) -> Iterator[Sandbox]:
    """A day in a tenth of a second."""
    sandbox = Sandbox(folder(), speed=864_000)
    sandbox.start()
    yield sandbox
    sandbox.stop()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a sandbox in a folder of this test, as often as wanted; stops them at the end."""
    started: list[Sandbox] = []

    def start(**choices: Any) -> Sandbox:
        sandbox = Sandbox(tmp_path, **choices)
        sandbox.start()
        started.append(sandbox)
        return sandbox

    yield start
    for sandbox in started:
        sandbox.stop()


@pytest.fixture
def api(fast: Sandbox) -> Account:
    """The account API in a hurry."""
    return Account(fast)


@pytest.fixture
def company(api: Account) -> Company:
    """A new company at the sandbox in a hurry."""
    return Company(api)


@pytest.fixture
def hvca(fast: Sandbox) -> Hvca:
    """HVCA in a hurry, signed in as its first client."""
    client = Hvca(fast)
    assert client.login().status_code == 200
    return client
