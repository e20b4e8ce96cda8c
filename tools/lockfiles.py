"""The lock: pyproject.toml -> requirements*.txt, with hashes and without addresses.

uv.lock is only a step on the way and is not committed, because it records where each file was fetched from.
"""

from __future__ import annotations

import os
import subprocess
import tomllib
from collections.abc import Iterator

from tools import packages
from tools.console import ROOT, print_status, run_quietly

EXPORT = ["export", "--quiet", "--frozen", "--no-emit-project", "--no-annotate", "--no-header"]
LOCKS = {
    "requirements.txt": ["--no-dev"],
    "requirements-key-vault.txt": ["--no-dev", "--extra", "key-vault"],
    "requirements-dev.txt": [],
}
BY_HAND = ("requirements-uv.txt", "requirements-node.txt")  # one package each: the installer and Node


def renew() -> int:
    """Take the newest versions that pyproject.toml allows and write the files; prints what changed."""
    packages.install("requirements-dev.txt")
    run_quietly([packages.UV, "lock", "--upgrade", "--quiet"], env=_environ())
    for name, options in LOCKS.items():
        target = ["--format", "requirements-txt", "-o", name]
        run_quietly([packages.UV, *EXPORT, *options, *target], env=_environ())
    subprocess.run(["git", "--no-pager", "diff", "--stat", "--", *LOCKS], cwd=ROOT, check=False)
    return check()


def check() -> int:
    """Say where the files disagree with pyproject.toml; 0 when they agree, else 1."""
    packages.install("requirements-dev.txt")
    script = "from tools.lockfiles import disagreements; print(*disagreements(), sep='\\n')"
    said = subprocess.run(
        [packages.PYTHON, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    print_status(said.stdout.strip() or "The requirements agree with pyproject.toml.")
    return 1 if said.stdout.strip() else 0


def disagreements() -> list[str]:
    """One sentence for each way in which the files fall short of pyproject.toml (runs inside .venv)."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime, vault, dev = (_pins(name) for name in LOCKS)
    wanted = project["project"]["dependencies"]
    return [
        *_missing(wanted, runtime, "requirements.txt"),
        *_missing(
            wanted + project["project"]["optional-dependencies"]["key-vault"],
            vault,
            "requirements-key-vault.txt",
        ),
        *_missing(wanted + project["dependency-groups"]["dev"], dev, "requirements-dev.txt"),
        *(
            f"{name} is {version} in one file and not in the other."
            for name, version in (runtime.items() | vault.items()) - dev.items()
        ),
    ]


def _pins(lock: str) -> dict[str, str]:
    lines = (ROOT / lock).read_text().splitlines()
    pairs = (line.split(";")[0].rstrip(" \\").split("==") for line in lines if "==" in line.split(";")[0])
    return {name.split("[")[0]: version for name, version in pairs}


def _missing(wanted: list[str], pins: dict[str, str], lock: str) -> Iterator[str]:
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    for line in wanted:
        requirement = Requirement(line)
        pinned = pins.get(canonicalize_name(requirement.name))
        if pinned is None:
            yield f"{requirement.name} is not in {lock}."
        elif not requirement.specifier.contains(pinned, prereleases=True):
            yield f"{lock} has {requirement.name} {pinned}, pyproject.toml wants {requirement.specifier}."


def _environ() -> dict[str, str]:
    """uv works on this project, whatever environment happens to be active."""
    return {
        **os.environ,
        "UV_PROJECT_ENVIRONMENT": str(packages.ENVIRONMENT),
        "VIRTUAL_ENV": str(packages.ENVIRONMENT),
    }
