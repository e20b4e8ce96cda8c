"""Fixtures of this room: company and case ids, and the openssl program.

What they make is in makers.py.
"""

from __future__ import annotations

import shutil
from uuid import UUID, uuid4

import pytest


@pytest.fixture
def company() -> UUID:
    return uuid4()


@pytest.fixture
def case() -> UUID:
    return uuid4()


@pytest.fixture(scope="session")
def openssl() -> str:
    """The openssl on this machine: our commands are promises about it, so its absence is a failure."""
    return program("openssl", "openssl")


def program(name: str, package: str) -> str:
    """Where a program is; fails with the command that installs it."""
    found = shutil.which(name)
    if found is None:
        pytest.fail(
            f"{name} was not found. Install it first: sudo apt-get install -y {package}", pytrace=False
        )
    return found
