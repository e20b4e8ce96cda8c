"""The lock: it agrees with pyproject.toml, pins every package by hash and records no address.

How it is made stands in tools/lockfiles.py.
"""

import json
import re

import pytest

from tests.house.checkout import ROOT
from tools.lockfiles import BY_HAND, LOCKS, disagreements

PIN = re.compile(r"^[a-z0-9._-]+(\[[a-z0-9,-]+\])?==[^\s;]+( ; .+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")
LOCK_FILES = [*LOCKS, *BY_HAND]


def test_the_lock_agrees_with_pyproject() -> None:
    assert disagreements() == []


@pytest.mark.parametrize("lock", LOCK_FILES)
def test_a_lock_holds_pins_and_hashes_and_nothing_else(lock: str) -> None:
    strange = [
        line for line in (ROOT / lock).read_text().splitlines() if not (PIN.match(line) or HASH.match(line))
    ]
    assert strange == []


@pytest.mark.parametrize("lock", LOCK_FILES)
def test_every_pin_has_a_hash(lock: str) -> None:
    lines = (ROOT / lock).read_text().splitlines()
    bare = [
        pin
        for pin, following in zip(lines, [*lines[1:], ""], strict=True)
        if "==" in pin and "--hash" not in following
    ]
    assert bare == []


def test_the_node_lock_names_no_address_and_pins_every_package_by_hash() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    packages.pop("")
    assert [name for name, facts in packages.items() if "resolved" in facts or "integrity" not in facts] == []


def test_the_node_lock_agrees_with_package_json() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for group in ("dependencies", "devDependencies"):
        assert wanted[group] == locked[""][group]
        assert wanted[group] == {name: locked[f"node_modules/{name}"]["version"] for name in wanted[group]}


def test_every_direct_dependency_says_why_it_is_here() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["key-vault"],
        *project["dependency-groups"]["dev"],
    ]
    names = {re.split(r"[\[<>=~! ]", line)[0] for line in wanted} | set(
        json.loads((ROOT / "package.json").read_text())["dependencies"]
    )
    told = set(re.findall(r"^\| `([^`\[]+)", (ROOT / "docs" / "dependencies.md").read_text(), re.M))
    assert names - told == set()
