"""A server that asks for a client certificate, and Java's file of whom to trust."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from tests.certs.conftest import program
from tests.certs.readers.mutual_tls import Server, serve

TRUST = "changeit"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    with serve(folder) as served:
        trust = ("-keystore", str(folder / "trust.p12"), "-storepass", TRUST, "-storetype", "PKCS12")
        keytool = program("keytool", "default-jre-headless")
        words = [keytool, "-importcert", "-noprompt", "-alias", "s", "-file", str(served.trusted), *trust]
        subprocess.run(words, check=True, capture_output=True)
        yield served
