"""Which test proves which rule, as pytest finds it: every case of every marked test, and its `rule` markers.

Only files that use the marker are looked at. As a plugin of the pytest that it starts, this module writes down what
was found. Tests that may be left out (skip, xfail, nightly) prove nothing.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.checkout import ROOT, python

USES_MARKER = "from tests.rules.marker import rule"
MAY_BE_LEFT_OUT = ("skip", "skipif", "xfail", "nightly")
TARGET = "RULES_FOUND_AT"
OPTIONS = "addopts=--import-mode=importlib --strict-markers"


@dataclass(frozen=True)
class Case:
    """One case of a test, by pytest's own name for it, and the rules that it declares."""

    name: str
    rules: tuple[str, ...]

    @property
    def test(self) -> str:
        """The test that it is a case of: `path::name`."""
        return self.name.partition("[")[0]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Write down the cases (in the pytest that find_cases starts)."""
    found = [(item.nodeid, _declared(item)) for item in session.items]
    Path(os.environ[TARGET]).write_text(json.dumps(found), encoding="utf-8")


def _declared(item: pytest.Item) -> list[str]:
    if any(item.get_closest_marker(name) for name in MAY_BE_LEFT_OUT):
        return []
    return [number for marker in item.iter_markers("rule") for number in marker.args]


def list_marked_files() -> list[Path]:
    """The test files that use the marker."""
    return [path for path in python("tests") if USES_MARKER in path.read_text("utf-8") and _is_test(path)]


def _is_test(path: Path) -> bool:
    return path.name.startswith("test_")


def find_cases(files: Iterable[Path]) -> list[Case]:
    """Every case of the tests in these files, in pytest's order. Raises AssertionError with pytest's words."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "found.json"
        command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-o", OPTIONS, "-p", __name__]
        done = subprocess.run(
            [*command, "--rootdir", ROOT, "-c", ROOT / "pyproject.toml", *files],
            cwd=ROOT,
            env={**_environment(), TARGET: str(target)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return [Case(name, tuple(rules)) for name, rules in json.loads(target.read_text("utf-8"))]


def _environment() -> dict[str, str]:
    """Ours, without what a parallel run tells its workers."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return {**outside, "PORTAL_MODE": "test"}


def list_proofs(cases: Iterable[Case]) -> dict[str, list[str]]:
    """Rule -> what proves it: the test if each of its cases does, else the cases that do."""
    by_test: dict[str, list[Case]] = {}
    for case in cases:
        by_test.setdefault(case.test, []).append(case)
    proofs: dict[str, list[str]] = {}
    for test, of_test in by_test.items():
        for number in sorted({number for case in of_test for number in case.rules}):
            proving = [case.name for case in of_test if number in case.rules]
            proofs.setdefault(number, []).extend([test] if len(proving) == len(of_test) else proving)
    return {number: sorted(tests) for number, tests in proofs.items()}
