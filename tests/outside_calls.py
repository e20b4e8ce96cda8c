"""Calls out of the process that are made while a database transaction is open: every test fails that makes one.

A row may be locked meanwhile, and whoever waits for the row waits for the other program too. The watch sees the whole
test process, its threads included. Loaded by tests/conftest.py.
"""

import os
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction
from django.db.backends.signals import connection_created
from redis.connection import AbstractConnection

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = tuple(str(ROOT / room) + os.sep for room in ("atlas", "certs", "config", "onboarding"))
# What Python itself reports (sys.addaudithook). A connection or a process that is used again is not started again, so
# what is sent through it counts too: `http.client.send`, `smtplib.send`, and the event of certs/pfx_reader_client.py.
OUTSIDE = frozenset(
    {
        "subprocess.Popen",
        "os.exec",
        "os.fork",
        "os.posix_spawn",
        "os.system",
        "socket.connect",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.sendto",
        "http.client.send",
        "smtplib.send",
        "certs.pfx_reader_client.ask",
    }
)
# Cache and broker. allauth counts attempts in the cache at the beginning of its views, and some of these are one
# transaction each (people/allauth_urls.py): that is let pass as long as the transaction has neither locked nor written
# a row.
REDIS = "redis.send"
LOCKING = ("INSERT", "UPDATE", "DELETE", "MERGE", "LOCK")


@dataclass
class Watch:
    """What was seen since the test began: one text for each call, with the lines of the portal that lead to it."""

    on: bool = False
    calls: list[str] = field(default_factory=list)
    pfx_files: int = 0  # that were opened, in a transaction or not

    def hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Python's audit hook. It is called for everything and can never be taken away, so it decides quickly."""
        if not self.on or (event not in OUTSIDE and event != REDIS):
            return
        self.pfx_files += event == "certs.pfx_reader_client.ask"
        blocks = _open_blocks()
        if not blocks or (_goes_to_redis(event) and not any(hasattr(each, "_locks") for each in blocks)):
            return
        lines = [f"{each.filename}:{each.lineno}" for each in traceback.extract_stack()]
        ours = [line.removeprefix(f"{ROOT}{os.sep}") for line in lines if line.startswith(PRODUCT)]
        if ours:  # a test may hold a lock itself, to see who waits for it
            self.calls.append(f"{event} in a transaction, by {' > '.join(ours)}")


def begin_test_transaction() -> Any:
    """`with begin_test_transaction():` is the test's own transaction: calls within it are let pass."""
    block: Any = transaction.atomic()
    block._from_testcase = True
    return block


def _open_blocks() -> list[Any]:
    """The `atomic` blocks that this thread is in, those aside that a test of Django's runs in."""
    return [
        block
        for each in connections.all(initialized_only=True)
        for block in each.atomic_blocks
        if not block._from_testcase
    ]


def _goes_to_redis(event: str) -> bool:
    """What is sent there, or the connection for it."""
    return event == REDIS or any("/redis/" in each.filename for each in traceback.extract_stack(limit=12))


def _note_locks(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Around every statement of a test: mark the block whose rows are locked from now on."""
    text = str(sql).lstrip().upper()
    if text.startswith(LOCKING) or " FOR UPDATE" in text or " FOR NO KEY UPDATE" in text:
        for block in context["connection"].atomic_blocks:
            block._locks = True
    return execute(sql, params, many, context)


def _on_connection(connection: Any, **_: Any) -> None:
    if _note_locks not in connection.execute_wrappers:
        connection.execute_wrappers.append(_note_locks)


def _reported(send: Callable[..., Any]) -> Callable[..., Any]:
    """Redis's own way to send, with an audit event: its connections stay open, so Python reports nothing by itself."""

    @wraps(send)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        sys.audit(REDIS)
        return send(*args, **kwargs)

    return wrapped


WATCH = Watch()
sys.addaudithook(WATCH.hook)
connection_created.connect(_on_connection, dispatch_uid="tests.outside_calls")
AbstractConnection.send_packed_command = _reported(AbstractConnection.send_packed_command)  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def outside_calls() -> Iterator[Watch]:
    """What this test has seen so far; there must be no call at its end."""
    WATCH.calls, WATCH.pfx_files = [], 0
    WATCH.on = True
    yield WATCH
    WATCH.on = False
    assert WATCH.calls == [], WATCH.calls
