"""Checking a CSR and building a PFX, beside one process of the openssl command doing the same.

The key is made for the measurement and forgotten.
"""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.harness import Entry, compare, measurement, milliseconds, portal


@measurement
def csr() -> Iterator[Entry]:
    """Read and check a CSR of RSA 4096: all findings, against `openssl req -verify -text`."""
    portal()
    from certs.csr import read

    with tempfile.TemporaryDirectory() as folder:
        pem = _make(Path(folder))
        command = ["openssl", "req", "-in", "a.csr", "-noout", "-verify", "-text"]
        theirs = milliseconds(lambda: _run(command, folder), rounds=15)
        yield compare(
            "check a CSR",
            ours=milliseconds(lambda: read(pem), 30),
            unit="ms",
            against="openssl req -verify -text",
            theirs=theirs,
        )


@measurement
def pfx() -> Iterator[Entry]:
    """Build the password-less PFX, against `openssl pkcs12 -export` with the same ciphers."""
    portal()
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    from certs.pfx import PfxEncryption, build

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        _make(home)
        _run(
            ["openssl", "x509", "-req", "-in", "a.csr", "-signkey", "a.key", "-out", "a.cer", "-days", "2"],
            folder,
        )
        key = load_pem_private_key((home / "a.key").read_bytes(), None)
        assert isinstance(key, RSAPrivateKey)
        leaf = x509.load_pem_x509_certificate((home / "a.cer").read_bytes())
        command = "openssl pkcs12 -export -inkey a.key -in a.cer -out a.pfx -passout pass: "
        command += "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1"
        theirs = milliseconds(lambda: _run(command.split(), folder), rounds=15)
        ours = milliseconds(lambda: build(key, leaf, [], PfxEncryption.PASSWORDLESS), 30)
        yield compare("build a PFX", ours=ours, unit="ms", against="openssl pkcs12 -export", theirs=theirs)


def _make(home: Path) -> bytes:
    command = [
        "openssl",
        "req",
        "-new",
        "-newkey",
        "rsa:4096",
        "-nodes",
        "-keyout",
        "a.key",
        "-out",
        "a.csr",
        "-subj",
        "/CN=onboarding_key",
    ]
    _run(command, str(home))
    return (home / "a.csr").read_bytes()


def _run(command: list[str], folder: str) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
