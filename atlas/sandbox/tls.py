"""The TLS contexts of the two HTTPS listeners, right ones and wrong ones. Certificates come from ca.py."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from atlas.sandbox.ca import Authority, server_certificate

TlsFault = Literal["expired", "wrong-name"]
TLS_FAULTS: tuple[TlsFault, ...] = ("expired", "wrong-name")
WRONG_NAME = "elsewhere.atlas.example"


def plain_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """Server authentication only: the account API."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    return context


def mutual_context(certificate: Path, key: Path, authority: Authority) -> ssl.SSLContext:
    """A client certificate is demanded in the handshake: HVCA. Clients may send the leaf alone."""
    context = plain_context(certificate, key)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata="".join(authority.chain))
    return context


def contexts(
    directory: Path, authority: Authority, names: Sequence[str], fault: TlsFault | None
) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """(HVCA, account API), with a server certificate that is right, has expired, or is for another host."""
    if fault == "expired":
        certificate, key = server_certificate(directory, authority, names, "server-expired", expired=True)
    elif fault == "wrong-name":
        certificate, key = server_certificate(directory, authority, [WRONG_NAME], "server-elsewhere")
    else:
        certificate, key = server_certificate(directory, authority, names)
    return mutual_context(certificate, key, authority), plain_context(certificate, key)
