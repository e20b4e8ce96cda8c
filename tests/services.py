"""pytest plugin: a real PostgreSQL and a real Valkey for every test run, started before Django reads its settings.

Also for bench and walk: `with start_services() as services`. The servers themselves live in tests/service_daemon.py.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import migrated_template
from tools import packages

VARIABLES = {"postgres": "DATABASE_URL", "redis": "REDIS_URL"}
_session = ExitStack()
_header: list[str] = []


@dataclass(frozen=True, slots=True)
class Services:
    """Addresses of the servers (None: not asked for) and the seconds that each took to start."""

    database_url: str | None
    redis_url: str | None
    seconds: dict[str, float]


@contextmanager
def start_services(wanted: Sequence[str] = ("postgres", "redis")) -> Iterator[Services]:
    """Start servers of their own and stop them at the end, also when this process dies.

    `wanted` holds "postgres", "redis" or both. Raises RuntimeError with the server's own words.
    """
    daemon = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("service_daemon.py")), *wanted],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C reaches us, and we end the servers in our own time
    )
    assert daemon.stdin is not None
    assert daemon.stdout is not None
    try:
        yield _read(daemon.stdout.readline())
    finally:
        daemon.stdin.close()
        daemon.wait(30)
        daemon.stdout.close()


def _read(line: bytes) -> Services:
    report = json.loads(line or b'{"error": "The process that keeps the servers ended without a word."}')
    if "error" in report:
        raise RuntimeError(report["error"])
    urls = {name: facts["url"] for name, facts in report.items()}
    seconds = {name: facts["seconds"] for name, facts in report.items()}
    return Services(urls.get("postgres"), urls.get("redis"), seconds)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """Set the environment before pytest-django imports the settings (a wrapper runs before all plain hooks)."""
    packages.keep_bytecode()
    os.environ["PORTAL_MODE"] = "test"
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        _own_redis_database(worker)
    else:
        _start_what_is_missing()
    yield


def _own_redis_database(worker: str) -> None:
    """Workers share the server and not the data: gw0 -> database 1, gw1 -> database 2, ..."""
    server, _, _ = os.environ["REDIS_URL"].rpartition("/")
    os.environ["REDIS_URL"] = f"{server}/{int(worker.removeprefix('gw')) + 1}"


def _start_what_is_missing() -> None:
    """Addresses that are already set win: somebody else keeps those servers."""
    wanted = [name for name, variable in VARIABLES.items() if not os.environ.get(variable)]
    services = _session.enter_context(start_services(wanted))
    if services.database_url:
        os.environ[migrated_template.VARIABLE] = str(migrated_template.ROOT)
    for name, url in (("postgres", services.database_url), ("redis", services.redis_url)):
        os.environ[VARIABLES[name]] = url or os.environ[VARIABLES[name]]
    _header.append(", ".join(f"{name} {services.seconds.get(name, 'given')}s" for name in VARIABLES))


def pytest_report_header() -> list[str]:
    """Say which servers the tests run against and how long they took to start."""
    return [f"services: {line}" for line in _header]


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Stop the servers when everything else has let go of them."""
    _session.close()
