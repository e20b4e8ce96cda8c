"""Clients of a local Atlas, made from the files that it writes for them.
Not here: the local Atlas itself.
"""

import json
from typing import Any

from atlas.hvca import Hvca
from atlas.sandbox.server import Sandbox
from atlas.types import ClientIdentity


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
