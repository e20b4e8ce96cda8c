"""Writes .env for `docker compose up` from .env.example: same lines, every empty secret freshly made.

A .env that exists is only added to. What the variables mean stands in .env.example, how they are read in config/env.py.
"""

from __future__ import annotations

import os
import re
import secrets
from base64 import b64encode
from collections.abc import Callable, Iterator

from tools.console import ROOT, print_status

GENERATORS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "AUDIT_KEY": lambda: secrets.token_urlsafe(48),
    "VAULT_KEYS": lambda: "first:" + b64encode(secrets.token_bytes(32)).decode(),
    "POSTGRES_PASSWORD": lambda: secrets.token_urlsafe(24),
    "REDIS_PASSWORD": lambda: secrets.token_urlsafe(24),
    "POSTGRES_RUNTIME_PASSWORD": lambda: secrets.token_urlsafe(24),
}
# A line that sets a variable, or that somebody has put out of use on purpose.
NAMED = re.compile(r"^\s*(?:#\s*)?(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=", re.M)


def write() -> int:
    """Write .env, readable by its owner only; where there is one, append what it lacks and change nothing in it."""
    target = ROOT / ".env"
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _add_missing()
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(fill_example())
    print_status(
        "Wrote .env with fresh secrets. Keep VAULT_KEYS and AUDIT_KEY as safe as the database:\n"
        "without them nobody can read what is stored or prove what happened."
    )
    return 0


def fill_example() -> str:
    """The text of .env.example with each empty secret made."""
    example = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return "".join(_line(line) + "\n" for line in example)


def missing_lines(existing: str) -> str:
    """The lines of .env.example, comments included, whose variables `existing` (the text of a .env) does not name.

    `NAME_FILE` counts for `NAME`: a fresh key beside an old key's file would win, and nothing stored would open.
    """
    named = {name.removesuffix("_FILE") for name in NAMED.findall(existing)}
    return "".join(block for name, block in _blocks() if name.removesuffix("_FILE") not in named)


def _add_missing() -> int:
    target = ROOT / ".env"
    existing = target.read_text(encoding="utf-8")
    added = missing_lines(existing)
    if not added:
        print_status("There is a .env, and it lacks nothing: left as it is.")
        return 0
    with target.open("a", encoding="utf-8") as file:
        file.write(("" if existing.endswith("\n") or not existing else "\n") + added)
    names = ", ".join(re.findall(r"^([A-Z0-9_]+)=", added, re.M))
    print_status(f"There is a .env. Added what it lacked, and changed nothing in it: {names}.")
    return 0


def _blocks() -> Iterator[tuple[str, str]]:
    """(name, its comment lines and its own line with a fresh secret) for each variable that is set in the example."""
    comments: list[str] = []
    for line in (ROOT / ".env.example").read_text(encoding="utf-8").splitlines():
        if line.startswith("# ---") or not line:
            comments = []
        elif line.startswith("#"):
            comments.append(line)
        else:
            yield line.partition("=")[0], "".join(f"{each}\n" for each in [*comments, _line(line)])
            comments = []


def _line(line: str) -> str:
    name, separator, value = line.partition("=")
    return f"{name}={GENERATORS[name]()}" if separator and not value and name in GENERATORS else line
