"""Fixtures of no room in particular: how the browser is started, how long Hypothesis searches, how rubbish is found.

People and their companies live in tests/people_fixtures.py, servers in tests/services.py.
"""

import gc
import os
import shutil
from typing import Any

import pytest
from django.db import connection
from hypothesis import settings

from tests import database_flush, shared_middleware
from tests.migrated_template import migrate_template
from tests.outside_calls import outside_calls
from tests.own_counters import own_counters
from tests.password_hashers import quick_passwords, real_passwords
from tests.people_fixtures import onboarding, people
from tools.programs import BROWSER_INSTALLATION, BROWSERS

__all__ = [
    "database_flush",
    "onboarding",
    "outside_calls",
    "own_counters",
    "people",
    "quick_passwords",
    "real_passwords",
    "shared_middleware",
]  # of every test

# Playwright's synchronous interface runs an event loop, which Django takes for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True, print_blob=True)
settings.register_profile("nightly", max_examples=5000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",  # the tests may run as root, and the only pages they open are our own
    "--disable-gpu",
    "--disable-software-rasterizer",
    "--in-process-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take minutes come first (the sort is stable)."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """What all tests need for the whole run is no rubbish; without it there is less to look for, and less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """On SQLite each process tests with a file: a database in memory makes no writer wait for another.

    On PostgreSQL the database is a copy of one that was migrated for the whole run.
    """
    if connection.vendor == "sqlite":
        own = tmp_path_factory.mktemp("database") / "portal.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(own)
    else:
        connection.settings_dict["TEST"]["TEMPLATE"] = migrate_template()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium; its absence is a failure, because a page nobody looked at is not tested."""
    found = [path for name in BROWSERS if (path := shutil.which(name))]
    if not found:
        pytest.fail(f"No Chromium was found. Install it first: {BROWSER_INSTALLATION}", pytrace=False)
    return {**browser_type_launch_args, "executable_path": found[0], "args": CHROMIUM_ARGUMENTS}
