"""Argon2 as quick as it comes: hashing is slow on purpose, and nearly every test signs somebody in.

The portal's own hasher, with its costs, is used where a test is about it: the fixture `real_passwords`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as configured
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.test import override_settings

OWN = tuple(configured.PASSWORD_HASHERS)


class QuickArgon2(Argon2PasswordHasher):
    """The same algorithm and the same code, at the least cost that it allows."""

    time_cost = 1
    memory_cost = 8  # kibibytes
    parallelism = 1


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """For the whole run; processes of their own use the portal's hasher."""
    with override_settings(PASSWORD_HASHERS=["tests.password_hashers.QuickArgon2", *OWN[1:]]):
        yield


@pytest.fixture
def real_passwords(settings: Any) -> None:
    """The portal's hasher. Before `people`: what was hashed already stays as it is."""
    settings.PASSWORD_HASHERS = list(OWN)
    assert make_password("made for the tests only").startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$")
