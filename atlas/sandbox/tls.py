"""The TLS contexts of the two HTTPS listeners. Certificates come from ca.py."""

from __future__ import annotations

import ssl
from pathlib import Path

from atlas.sandbox.ca import Authority


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
