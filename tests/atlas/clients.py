"""Clients of a local Atlas, made from the files that it writes for them, and of broken peers.
Not here: the peers themselves.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from atlas.errors import AtlasError
from atlas.hvca import Hvca
from atlas.sandbox.server import Sandbox
from atlas.transport import Transport
from atlas.types import ClientIdentity, Timeouts
from tests.atlas.broken_peer import BrokenPeer

QUICK = Timeouts(connect=1, read=0.4, whole=0.6)


def first_identity(sandbox: Sandbox) -> ClientIdentity:
    """The client certificate that every local Atlas starts with."""
    folder = sandbox.directory
    return ClientIdentity((folder / "client.pem").read_bytes(), (folder / "client.key").read_bytes())


def first_client(sandbox: Sandbox, **changes: Any) -> Hvca:
    """A client with the credential that every local Atlas starts with."""
    known = json.loads((sandbox.directory / "client.json").read_text())
    details: dict[str, Any] = {
        "url": sandbox.url,
        "api_key": known["api_key"],
        "api_secret": known["api_secret"],
        "identity": first_identity(sandbox),
        "root": sandbox.root_path,
    }
    return Hvca(**(details | changes))


def failure_of(
    peer: BrokenPeer,
    root: Path | None,
    method: str = "GET",
    identity: ClientIdentity | None = None,
    **details: Any,
) -> AtlasError:
    """What one call to this peer fails with."""
    with (
        peer,
        Transport(peer.url, identity, root, QUICK) as transport,
        pytest.raises(AtlasError) as caught,
    ):
        transport.call(method, "/things", **details)
    return caught.value
