"""Other people's programs open our PFX: openssl, Java's keytool, NSS's pk12util, and the library itself.

A later `cryptography` that refused the password of one zero byte, or wrote something else for it, is caught here.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import pkcs12

from certs import pfx
from certs.flavours import Flavour
from tests.certs.conftest import program
from tests.certs.makers import intermediate, leaf, rsa_key

pytestmark = pytest.mark.interop
CHAIN = [intermediate().certificate]
PASSWORDS = {
    Flavour.PASSWORDLESS: "",
    Flavour.THREE_DES_PASSWORD: "horse-1",
    Flavour.AES256_PASSWORD: "horse-1",
}
EACH = pytest.mark.parametrize("flavour", PASSWORDS)


@pytest.fixture
def file(tmp_path: Path, flavour: Flavour) -> Path:
    made = tmp_path / "our.pfx"
    made.write_bytes(pfx.build(rsa_key(), leaf(), CHAIN, flavour, PASSWORDS[flavour] or None))
    return made


def said(*call: str | Path, typed: str = "") -> str:
    environment = {**os.environ, "LC_ALL": "C", "JAVA_TOOL_OPTIONS": "-Duser.language=en"}
    done = subprocess.run(
        [str(part) for part in call],
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@EACH
def test_openssl_opens_key_certificate_and_chain(file: Path, flavour: Flavour, openssl: str) -> None:
    text = said(openssl, "pkcs12", "-in", file, "-passin", f"pass:{PASSWORDS[flavour]}", "-nodes")
    assert text.count("BEGIN CERTIFICATE") == 2
    assert text.count("BEGIN PRIVATE KEY") == 1


@EACH
def test_java_finds_the_key_with_its_chain(file: Path, flavour: Flavour) -> None:
    keytool = program("keytool", "default-jre-headless")
    call = (keytool, "-list", "-v", "-keystore", file, "-storetype", "PKCS12", "-storepass")
    text = said(*call, PASSWORDS[flavour])
    assert "Entry type: PrivateKeyEntry" in text
    assert "Certificate chain length: 2" in text
    assert "onboarding_key" in text


@EACH
def test_nss_lists_key_and_certificates_and_imports_them(
    file: Path, flavour: Flavour, tmp_path: Path
) -> None:
    pk12util, certutil = program("pk12util", "libnss3-tools"), program("certutil", "libnss3-tools")
    text = said(pk12util, "-l", file, "-W", PASSWORDS[flavour])
    assert "Key(shrouded)" in text
    assert text.count("Certificate(has private key)") == 1
    said(certutil, "-N", "-d", f"sql:{tmp_path}", "--empty-password")
    said(pk12util, "-i", file, "-d", f"sql:{tmp_path}", "-W", PASSWORDS[flavour], "-K", "")
    assert "rsa" in said(certutil, "-K", "-d", f"sql:{tmp_path}")


def test_the_library_opens_the_one_without_a_password_as_without_a_password() -> None:
    data = pfx.build(rsa_key(), leaf(), CHAIN)
    for nothing in (None, b""):
        contents = pkcs12.load_pkcs12(data, nothing)
        assert contents.cert is not None
        assert contents.cert.certificate == leaf()
        assert [other.certificate for other in contents.additional_certs] == CHAIN
