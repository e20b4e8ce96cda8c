"""The company's own computer: a shell that runs what a page shows, a folder with files, programs that open them.

What the commands do by themselves is tested in tests/certs.
"""

import csv
import subprocess
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import pkcs12

from certs.findings import Command
from tests.certs import shells


def run(command: str, folder: Path, typed: str = "") -> str:
    """Paste it into bash, type what it asks for; what it prints."""
    return shells.run(Command("bash", command), folder, typed)


def credentials_in(file: Path) -> dict[str, str]:
    """The one row of Atlas's CSV: API Key and API Secret."""
    with file.open(encoding="utf-8") as text:
        (row,) = csv.DictReader(text)
    return row


def fingerprint_of(pfx: Path) -> str:
    """SHA-256 of the certificate in a PFX without a password, whose key must belong to it."""
    key, certificate, _ = pkcs12.load_key_and_certificates(pfx.read_bytes(), b"")
    assert key is not None
    assert certificate is not None
    assert key.public_key() == certificate.public_key()
    return certificate.fingerprint(hashes.SHA256()).hex()


def openssl_opens(pfx: Path) -> None:
    """OpenSSL opens it with the empty password and finds a key in it."""
    words = ["openssl", "pkcs12", "-in", pfx, "-passin", "pass:", "-noout", "-info"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Shrouded Keybag" in done.stderr
