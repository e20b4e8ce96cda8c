"""What is checked without running the portal: style, types, templates, missing migrations.

What each tool looks for is configured in pyproject.toml.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator

from tools.console import ROOT, print_status
from tools.packages import ENVIRONMENT, PYTHON

RUFF = str(ENVIRONMENT / "bin" / "ruff")
CHECKS: dict[str, list[str]] = {
    "ruff check": [RUFF, "check", "--quiet", "--output-format", "concise"],
    "ruff format": [RUFF, "format", "--check", "--quiet", "--output-format", "concise"],
    "djlint": [str(PYTHON), "-m", "djlint", "--lint", "--quiet", "templates"],
    "import-linter": [str(ENVIRONMENT / "bin" / "lint-imports"), "--no-cache", "--no-logo"],
    "mypy": [str(PYTHON), "-m", "mypy", "--no-error-summary"],
    "migrations": [str(PYTHON), "manage.py", "makemigrations", "--check", "--dry-run"],
}
# Types and migrations import the settings: they need a portal's environment, but no server.
ENVIRON = {"PORTAL_MODE": "test", "DATABASE_URL": "sqlite://:memory:", "REDIS_URL": "memory://"}


def run() -> list[str]:
    """Run every check, print what fails and a line for each; return the names of those that failed."""
    return list(_failures())


def _failures() -> Iterator[str]:
    for name, command in CHECKS.items():
        begun = time.monotonic()
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ | ENVIRON, capture_output=True, text=True, check=False
        )
        if done.returncode:
            print_status(done.stdout + done.stderr)
            yield name
        print_status(f"{name}: {'FAILED' if done.returncode else 'ok'} ({time.monotonic() - begun:.1f} s)")
