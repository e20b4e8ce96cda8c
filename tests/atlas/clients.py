"""Clients of a local Atlas, made from the files that it writes for them, and of broken peers.
Not here: the peers themselves.
"""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from atlas.budget import UnlimitedBudget
from atlas.errors import AtlasError, NotReady
from atlas.hvca import Hvca
from atlas.request_types import CertificateRequest, San, SubjectDn
from atlas.sandbox.server import Sandbox
from atlas.transport import Transport
from atlas.types import ClientIdentity, Timeouts
from tests.atlas.broken_peer import BrokenPeer, reply

QUICK = Timeouts(connect=1, read=0.4, total=0.6)
PATIENT = Timeouts(connect=1, read=0.4, total=6)


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
        "budget": UnlimitedBudget(),
    }
    return Hvca(**(details | changes))


def token(value: str) -> bytes:
    return reply(body=json.dumps({"access_token": value}).encode())


def request_for(csr: str, name: str = "dip.one.example") -> CertificateRequest:
    now = datetime.now(UTC)
    return CertificateRequest(
        public_key=csr,
        not_before=now,
        not_after=now + timedelta(days=30),
        subject_dn=SubjectDn(common_name=name),
        san=San(dns_names=(name,)),
        extended_key_usages=("1.3.6.1.5.5.7.3.1",),
    )


def collect(hvca: Hvca, serial: str) -> x509.Certificate:
    for _ in range(100):
        try:
            return x509.load_pem_x509_certificate(hvca.certificate(serial).pem.encode())
        except NotReady:
            time.sleep(0.02)
    raise TimeoutError


def paths(peer: BrokenPeer) -> list[str]:
    return [" ".join(request.decode().split(" ")[:2]) for request in peer.requests]


def failure_of(
    peer: BrokenPeer,
    root: Path | None,
    method: str = "GET",
    identity: ClientIdentity | None = None,
    timeouts: Timeouts = QUICK,
    **details: Any,
) -> AtlasError:
    """What one call to this peer fails with."""
    with (
        peer,
        Transport(peer.url, identity, root, timeouts) as transport,
        pytest.raises(AtlasError) as caught,
    ):
        transport.call(method, "/things", **details)
    return caught.value
