"""Writes .env for `docker compose up` from .env.example: same lines, every empty secret freshly made.

What the variables mean stands in .env.example; how they are read, in config/env.py.
"""

from __future__ import annotations

import os
import secrets
from base64 import b64encode
from collections.abc import Callable

from tools.saying import ROOT, Stop, say

MAKERS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "AUDIT_KEY": lambda: secrets.token_urlsafe(48),
    "VAULT_KEYS": lambda: "first:" + b64encode(secrets.token_bytes(32)).decode(),
    "POSTGRES_PASSWORD": lambda: secrets.token_urlsafe(24),
    "POSTGRES_RUNTIME_PASSWORD": lambda: secrets.token_urlsafe(24),
}


def write() -> int:
    """Write .env, readable by its owner only; Stop when there is one already."""
    target = ROOT / ".env"
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Stop(
            "There is a .env already; its keys open what is stored, so it is not overwritten."
        ) from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(filled())
    say(
        "Wrote .env with fresh secrets. Keep VAULT_KEYS and AUDIT_KEY as safe as the database:\n"
        "without them nobody can read what is stored or prove what happened."
    )
    return 0


def filled() -> str:
    """The text of .env.example with each empty secret made."""
    example = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return "".join(_line(line) + "\n" for line in example)


def _line(line: str) -> str:
    name, separator, value = line.partition("=")
    return f"{name}={MAKERS[name]()}" if separator and not value and name in MAKERS else line
