"""A database with all tables and no rows, migrated once for a run of the tests; others on its server are copies.

Migrating takes seconds of processor time, a copy a fraction of one. That migrating itself works is seen here, by each
test of an upgrade, and by those that start the portal as a command does.
"""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parent.parent
NAME = "migrated"
VARIABLE = (
    "MIGRATED_FROM"  # whose migrations it has: the checkout of a run whose server is its own and ends with it
)


@cache
def migrate_template() -> str | None:
    """The name of that database on the server of the test run; None where the server belongs to others.

    It does so where its address was given, and for tests that run another checkout's tests on it.

    The first process of the run makes it, others wait. Raises AssertionError, with what the command said, where
    migrating fails.
    """
    if os.environ.get(VARIABLE) != str(ROOT):
        return None
    address = os.environ["DATABASE_URL"]
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext('migrated template'))")
        found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [NAME]).fetchone()
        if found is None:
            _make(connection, address)
    return NAME


def _make(connection: "psycopg.Connection[Any]", address: str) -> None:
    """Under another name until it is whole."""
    unfinished = f"{NAME}_unfinished"
    connection.execute(f'DROP DATABASE IF EXISTS "{unfinished}"'.encode())
    connection.execute(f'CREATE DATABASE "{unfinished}"'.encode())
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": urlunsplit(urlsplit(address)._replace(path=f"/{unfinished}"))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    connection.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{NAME}"'.encode())
