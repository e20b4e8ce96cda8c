"""Whoever stands between the portal and its Redis or PostgreSQL must not be taken for it.

The Valkey of the tests speaks no TLS, so a TLS server of our own stands before it. Celery and the cache are real.
"""

import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID
from django.conf import settings as portal

from tests.certs import x509_factories
from tests.house.checkout import ROOT

USE = """
import django; django.setup()
from django.core.cache import cache
from config.celery import app
done = []
for name, use in (("cache", lambda: cache.set("tls", 1)), ("celery", lambda: app.send_task("journey.poll_due_steps"))):
    try:
        use()
        done.append(name)
    except Exception:
        pass
print("reached:", *done)
"""


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for localhost that nobody vouches for, and beside it its key."""
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, x509_factories.ec_key().public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(x509_factories.ec_key(), hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    path.write_bytes(x509_factories.pem_of(made))
    path.with_suffix(".key").write_bytes(x509_factories.key_pem(x509_factories.ec_key()))
    return path


@pytest.fixture
def door(certificate: Path) -> Iterator[int]:
    """The port of a TLS server that passes everything on to the Redis of the tests."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    with socket.create_server(("localhost", 0)) as listening:
        threading.Thread(target=_accept, args=(listening, context), daemon=True).start()
        yield listening.getsockname()[1]


def _accept(listening: socket.socket, context: ssl.SSLContext) -> None:
    to = urlsplit(portal.PORTAL.redis_url)
    with suppress(OSError):
        while True:
            caller, _ = listening.accept()
            with suppress(OSError):  # whoever does not believe the certificate goes away
                inner = context.wrap_socket(caller, server_side=True)
                onward = socket.create_connection((to.hostname or "", to.port or 0))
                for ends in ((inner, onward), (onward, inner)):
                    threading.Thread(target=_pass, args=ends, daemon=True).start()


def _pass(source: socket.socket, target: socket.socket) -> None:
    with closing(source), closing(target), suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)


def _reached(**environment: str) -> str:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "PORTAL_MODE": "test", **environment}
    done = subprocess.run(
        [sys.executable, "-c", USE],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.stdout.strip()


def test_nobody_with_a_certificate_of_their_own_is_taken_for_redis(door: int) -> None:
    assert _reached(REDIS_URL=f"rediss://localhost:{door}/9") == "reached:"


def test_redis_whose_certificate_is_vouched_for_is_reached(door: int, certificate: Path) -> None:
    url = f"rediss://localhost:{door}/9?ssl_ca_certs={certificate}"
    assert _reached(REDIS_URL=url) == "reached: cache celery"


def test_what_database_url_demands_of_the_connection_reaches_the_driver() -> None:
    """Nothing of it is dropped on the way; the servers of the tests have no TLS themselves."""
    script = "from django.conf import settings; print(settings.DATABASES['default']['OPTIONS'])"
    url = "postgres://portal:x@db.example/portal?sslmode=verify-full&sslrootcert=root.pem"
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PORTAL_MODE": "test",
        "DATABASE_URL": url,
    }
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    asked = "{'sslmode': 'verify-full', 'sslrootcert': 'root.pem', 'connect_timeout': 5,"
    assert done.stdout.strip().startswith(asked)
