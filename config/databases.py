"""The database of the portal as Django's settings name it, from its address.

PostgreSQL; SQLite only in the one-process demo, in WAL with IMMEDIATE transactions so that the worker's and the web's
writers queue up instead of failing with "database is locked".
"""

from typing import Any

import dj_database_url

from config.env import Portal

SILENT_FOR = 5  # seconds after which a host that does not answer is a page that says so
# Times that a connection has sent a statement: the next time PostgreSQL keeps it, and after five plans of its own, made
# for the values of each, the one for all values. A connection lives for a minute, so that must not take long.
PREPARE_AFTER = 1


def describe_database(portal: Portal) -> dict[str, Any]:
    """What stands in DATABASES for the address of `portal`."""
    found: dict[str, Any] = dict(
        dj_database_url.parse(portal.database_url, conn_max_age=60, conn_health_checks=True)
    )
    if found["ENGINE"].endswith("sqlite3"):
        return {
            **found,
            "CONN_MAX_AGE": 0,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
            },
        }
    options = found.setdefault("OPTIONS", {})  # an address may have a query
    options.setdefault("connect_timeout", SILENT_FOR)
    options["server_side_binding"] = portal.prepared_statements
    options["prepare_threshold"] = PREPARE_AFTER if portal.prepared_statements else None
    return found
