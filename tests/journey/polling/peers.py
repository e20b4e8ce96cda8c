"""Peers in Atlas's place for the tests of batches: how the portal is pointed at one, and one that counts."""

import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from atlas.sandbox.server import Sandbox
from tests.atlas.authority import authority
from tests.atlas.broken_peer import BrokenPeer, reply
from tests.atlas_fixtures import with_account_api

Point = Callable[..., None]


@pytest.fixture
def at(settings: Any, atlas: Sandbox, tmp_path: Path) -> Point:
    """Lets the portal's account API be such a peer."""

    def point(peer: BrokenPeer, **more: Any) -> None:
        root = tmp_path / "root.pem"
        root.write_bytes(authority("test root").pem)
        changed = with_account_api(settings.PORTAL, peer.url, atlas)
        settings.PORTAL = changed.model_copy(update={"account_api_root": root, "poll_speed": 1.0, **more})

    return point


class Gate:
    """Answers after a moment, and sees how many wait meanwhile."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.now, self.most, self.lock = seconds, 0, 0, threading.Lock()

    def __call__(self, _: BrokenPeer, line: ssl.SSLSocket) -> None:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(self.seconds)
        with self.lock:
            self.now -= 1
        line.sendall(reply(body=b"[]"))


def expect_no_task(pk: int) -> None:
    """In place of handing a row over to a task of its own."""
    raise AssertionError(f"row {pk} was handed over")
