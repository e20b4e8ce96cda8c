"""What the locks pin, as data: Python packages of requirements*.txt, npm packages of package-lock.json.

What is known against them is asked in advisories.py; the list that goes out of the house is made in sbom.py.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.console import ROOT
from tools.lockfiles import BY_HAND, LOCKS

_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, order=True)
class LockedPackage:
    """One package of a lock. `hashes` are (algorithm, hex); `built` is for npm packages that are only built with."""

    name: str
    version: str
    hashes: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    licence: str = field(default="", compare=False)
    built: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


def python_packages(*files: str) -> list[LockedPackage]:
    """The packages of these requirements files, each once, sorted; a package may be there in two versions."""
    found: dict[LockedPackage, list[tuple[str, str]]] = {}
    for file in files:
        hashes: list[tuple[str, str]] = []
        for line in (ROOT / file).read_text().splitlines():
            if pin := _PIN.match(line):
                hashes = found.setdefault(LockedPackage(pin[1], pin[2]), [])
            hashes += [("SHA-256", each) for each in _HASH.findall(line)]
    return sorted(
        LockedPackage(each.name, each.version, tuple(sorted(set(of)))) for each, of in found.items()
    )


def all_python_packages() -> list[LockedPackage]:
    """Those of every requirements file of the checkout."""
    return python_packages(*LOCKS, *BY_HAND)


def node_lock(folder: Path = ROOT) -> dict[str, Any]:
    """package-lock.json as it is."""
    lock: dict[str, Any] = json.loads((folder / "package-lock.json").read_text())
    return lock


def node_packages(lock: dict[str, Any]) -> list[LockedPackage]:
    """The packages of a package-lock.json, each once, sorted."""
    found = {
        LockedPackage(
            path.rpartition("node_modules/")[2],
            facts["version"],
            _integrity(facts.get("integrity", "")),
            facts.get("license", ""),
            bool(facts.get("dev")),
        )
        for path, facts in lock["packages"].items()
        if path
    }
    return sorted(found)


def _integrity(text: str) -> tuple[tuple[str, str], ...]:
    """`sha512-BASE64` as (SHA-512, hex)."""
    kind, _, value = text.partition("-")
    return ((f"SHA-{kind[3:]}", base64.b64decode(value).hex()),) if value else ()
