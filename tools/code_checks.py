"""What is checked without running the portal: style, types, templates, missing migrations.

What each tool looks for is configured in pyproject.toml.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from tools.console import ROOT, print_status
from tools.packages import ENVIRONMENT, PYTHON

RUFF = str(ENVIRONMENT / "bin" / "ruff")
CHECKS: dict[str, list[str]] = {  # as many at once as there are processors, the longest first
    "mypy": [str(PYTHON), "-m", "mypy", "--no-error-summary"],
    "djlint": [str(PYTHON), "-m", "djlint", "--lint", "--quiet", "templates"],
    "import-linter": [str(ENVIRONMENT / "bin" / "lint-imports"), "--no-cache", "--no-logo"],
    "migrations": [str(PYTHON), "manage.py", "makemigrations", "--check", "--dry-run"],
    "ruff check": [RUFF, "check", "--quiet", "--output-format", "concise"],
    "ruff format": [RUFF, "format", "--check", "--quiet", "--output-format", "concise"],
}
# Types and migrations import the settings: they need a portal's environment, but no server.
ENVIRON = {"PORTAL_MODE": "test", "DATABASE_URL": "sqlite://:memory:", "REDIS_URL": "memory://"}


def run() -> list[str]:
    """Run every check, print what fails and a line for each; return the names of those that failed."""
    return list(_failures())


def _failures() -> Iterator[str]:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, (done, seconds) in zip(CHECKS, pool.map(_check, CHECKS.values()), strict=True):
            if done.returncode:
                print_status(done.stdout + done.stderr)
                yield name
            print_status(f"{name}: {'FAILED' if done.returncode else 'ok'} ({seconds:.1f} s)")


def _check(command: list[str]) -> tuple[subprocess.CompletedProcess[str], float]:
    """What the command said, and how many seconds it took."""
    begun = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | ENVIRON, capture_output=True, text=True, check=False
    )
    return done, time.monotonic() - begun
