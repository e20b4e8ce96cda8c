"""The commands of keytool are run with the real keytool, from the key to the PFX for the DIP."""

import shutil
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from certs import csr, pfx
from certs.findings import Command, keytool_commands
from certs.findings.openssl_commands import FileNames
from certs.pfx_encryption import PfxEncryption
from tests.certs import x509_factories
from tests.certs.shells import run

NAMES, PASSWORD = FileNames("apicert-7f3a"), "correct horse"

pytestmark = [
    pytest.mark.usefixtures("openssl"),
    pytest.mark.skipif(shutil.which("keytool") is None, reason="needs Java's keytool"),
]


def do(commands: tuple[Command, ...], folder: Path, *typed: str) -> None:
    """Line after line, as a person does who is asked by each: keytool reads all that waits for it, too."""
    (bash,) = [each for each in commands if each.shell == "bash"]
    lines = bash.text.splitlines()
    for line, answers in zip(lines, typed, strict=True):
        run(Command("bash", line), folder, typed=answers)


def test_keytool_makes_a_good_request_and_later_the_pfx(tmp_path: Path) -> None:
    do(keytool_commands.make_request(NAMES), tmp_path, f"{PASSWORD}\n" * 2, f"{PASSWORD}\n")
    request = (tmp_path / NAMES.csr).read_bytes()
    assert csr.read(request).ok
    public = x509.load_pem_x509_csr(request).public_key()
    assert isinstance(public, rsa.RSAPublicKey)
    issuer = x509_factories.intermediate()
    leaf = x509_factories.issue(public, issuer)
    chain = x509_factories.pem_of(leaf) + x509_factories.pem_of(issuer.certificate)
    (tmp_path / NAMES.cer).write_bytes(chain)
    do(keytool_commands.make_pfx(NAMES), tmp_path, f"{PASSWORD}\n", f"{PASSWORD}\n")
    reading = pfx.read((tmp_path / f"{NAMES.stem}-new.pfx").read_bytes())
    assert reading.encryption is PfxEncryption.PASSWORDLESS
    assert reading.chain_pem.encode() == x509_factories.pem_of(issuer.certificate)


def test_run_twice_it_leaves_the_key_alone(tmp_path: Path) -> None:
    do(keytool_commands.make_request(NAMES), tmp_path, f"{PASSWORD}\n" * 2, f"{PASSWORD}\n")
    before = x509.load_pem_x509_csr((tmp_path / NAMES.csr).read_bytes()).public_key()
    with pytest.raises(AssertionError, match="already exists"):
        do(keytool_commands.make_request(NAMES), tmp_path, f"{PASSWORD}\n", f"{PASSWORD}\n")
    assert x509.load_pem_x509_csr((tmp_path / NAMES.csr).read_bytes()).public_key() == before


def test_every_shell_gets_the_same_words_of_keytool() -> None:
    texts = {each.text for each in keytool_commands.make_request(NAMES)}
    assert len(texts) == 1
