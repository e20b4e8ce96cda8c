"""Weak keys are told from sound ones; the badkeys project's own program says the same of each."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from badkeys.allkeys import block
from badkeys.rsakeys import fermat, roca, smallfactors
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from certs import weak_keys
from onboarding.journey.checks import weak_keys_are_a_list
from tests.certs.doctor import key_blocklist
from tests.certs.doctor.csr_samples import close_key, listed_key, roca_key, small_factor_key
from tests.certs.x509_factories import rsa_key


def modulus(key: RSAPrivateKey) -> int:
    return key.public_key().public_numbers().n


@pytest.mark.parametrize("make", [roca_key, close_key, small_factor_key, listed_key, rsa_key])
def test_badkeys_judges_each_key_as_we_do(make: Any) -> None:
    n = modulus(make())
    assert weak_keys.is_roca(n) is bool(roca(n))
    assert weak_keys.has_close_primes(n) is bool(fermat(n))
    assert weak_keys.has_small_factor(n) is bool(smallfactors(n))


@pytest.mark.parametrize(("rounds", "found"), [(0, True), (1, True), (99, True), (100, False)])
def test_close_primes_are_found_up_to_the_last_round(rounds: int, found: bool) -> None:
    """middle**2 - n is the square of half the difference; the search begins at the root of n, rounded up."""
    middle = (1 << 1024) + 12345
    half = math.isqrt(2 * middle * rounds + middle)
    n = middle**2 - half**2
    assert middle - (math.isqrt(n - 1) + 1) == rounds
    assert weak_keys.has_close_primes(n) is found


@pytest.fixture
def known(tmp_path: Path) -> Path:
    return key_blocklist.write(tmp_path / "blocklist.dat", [listed_key().public_key()])


def test_a_listed_key_is_found_and_another_is_not(known: Path) -> None:
    assert weak_keys.is_listed(modulus(listed_key()), known)
    assert not weak_keys.is_listed(modulus(rsa_key()), known)


@pytest.mark.parametrize("others", [0, 1, 2, 3, 1000, 4095, 4096, 4097])
def test_every_key_of_a_list_is_found_wherever_it_stands(tmp_path: Path, others: int) -> None:
    keys = [rsa_key(name, 2048).public_key() for name in ("listed", "a", "b")]
    path = key_blocklist.write(tmp_path / "blocklist.dat", keys, others)
    assert weak_keys.is_list(path)
    assert all(weak_keys.is_listed(key.public_numbers().n, path) for key in keys)


def test_badkeys_finds_the_same_key_in_the_same_list(known: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So a list that its program has fetched is read right here."""
    cache = known.parent / "badkeys"
    cache.mkdir()
    known.rename(cache / "blocklist.dat")
    (cache / "badkeysdata.json").write_text(
        json.dumps({"blocklists": [{"id": str(key_blocklist.WHOSE), "name": "made for this test"}]})
    )
    monkeypatch.setattr(block, "_cachedir", lambda: str(cache))
    assert block.blocklist(modulus(listed_key()))
    assert not block.blocklist(modulus(rsa_key()))


@pytest.mark.parametrize(
    "content", [b"", b"0123456789abcde", b"b" * 16 + b"a" * 16], ids=["empty", "cut", "unsorted"]
)
def test_what_is_no_list_stops_the_start(tmp_path: Path, settings: Any, content: bytes) -> None:
    path = tmp_path / "blocklist.dat"
    path.write_bytes(content)
    settings.PORTAL = settings.PORTAL.model_copy(update={"weak_keys": path})
    (error,) = weak_keys_are_a_list(None)
    assert error.id == "journey.E003"


def test_a_list_lets_it_start(known: Path, settings: Any) -> None:
    settings.PORTAL = settings.PORTAL.model_copy(update={"weak_keys": known})
    assert weak_keys_are_a_list(None) == []
