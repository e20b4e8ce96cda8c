"""Every command that is shown with a PFX of other people's programs is run, and serves the program that complained.

The kinds themselves are told apart in test_pfx_of_others.py.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from certs import pfx, proof
from certs.doctor.examiner import examine_or_raise
from certs.findings import Command, InvalidArtifact, pfx_commands
from certs.findings.openssl_commands import FileNames
from tests.certs.conftest import program
from tests.certs.pfx_factories import ONE, Style
from tests.certs.shells import run
from tests.certs.test_pfx_of_others import ABOUT_THE_KEY, CA, KEY, LEAF, REFUSED, TIED, WRITTEN
from tests.certs.x509_factories import codes, key_pem, pem_of

pytestmark = pytest.mark.usefixtures("openssl")
PASSWORD = "horses\n"


def keytool(file: Path, *options: str) -> str:
    call = [
        program("keytool", "default-jre-headless"),
        "-list",
        "-v",
        "-keystore",
        str(file),
        "-storepass",
        "",
    ]
    environment = {**os.environ, "JAVA_TOOL_OPTIONS": "-Duser.language=en"}
    return subprocess.run(
        [*call, *options], capture_output=True, text=True, check=False, env=environment
    ).stdout


def java_has_the_chain(file: Path) -> bool:
    said = keytool(file)
    own = said.split("Owner: ")[1:2]
    return "chain length: 2" in said and bool(own) and own[0].startswith("CN=onboarding_key")


def nss_opens(file: Path) -> bool:
    call = [program("pk12util", "libnss3-tools"), "-l", str(file), "-W", ""]
    return subprocess.run(call, capture_output=True, check=False).returncode == 0


def gnutls_opens(file: Path) -> bool:
    call = [
        program("certtool", "gnutls-bin"),
        "--p12-info",
        "--inder",
        "--empty-password",
        "--infile",
        str(file),
    ]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    return done.returncode == 0 and done.stdout.count("BEGIN CERTIFICATE") == 2


def openssl_opens(file: Path) -> bool:
    call = ["openssl", "pkcs12", "-in", str(file), "-passin", "pass:", "-nodes"]
    return subprocess.run(call, capture_output=True, text=True, check=False).stdout.count("BEGIN") == 3


COMPLAINTS = {
    "numbers nowhere": ("pfx-key-id-missing", java_has_the_chain),
    "number at the key only": ("pfx-key-id-missing", java_has_the_chain),
    "number on all": ("pfx-key-id-on-all", java_has_the_chain),
    "number at the issuer": ("pfx-key-id-elsewhere", java_has_the_chain),
    "null password": ("pfx-null-password", gnutls_opens),
    "null password, no MAC": ("pfx-no-mac", openssl_opens),
    "empty password, no MAC": ("pfx-no-mac", nss_opens),
    "nothing locked": ("pfx-plain", java_has_the_chain),
    "PBMAC1, AES": ("pfx-pbmac1", java_has_the_chain),
    "PBMAC1, triple DES": ("pfx-pbmac1", nss_opens),
}


@pytest.mark.parametrize("name", COMPLAINTS)
def test_the_repair_serves_the_program_that_complained(name: str, tmp_path: Path) -> None:
    code, opens = COMPLAINTS[name]
    data = WRITTEN[name][0]
    (tmp_path / "apicert.pfx").write_bytes(data)
    assert not opens(tmp_path / "apicert.pfx")
    (one,) = [each for each in pfx.read(data).findings if each.code == code]
    assert opens(repaired(one.commands, tmp_path, PASSWORD * 2, PASSWORD))


@pytest.mark.parametrize("name", ["password", "password, PBMAC1"])
def test_a_password_is_taken_off_whatever_the_mac_is(name: str, tmp_path: Path) -> None:
    style, keys, certificates, _ = REFUSED[name]
    data = style.write(keys, certificates)
    repaired(refusal(data, tmp_path), tmp_path, PASSWORD)


def test_rc2_with_a_password_is_opened_by_the_command_that_is_shown(tmp_path: Path) -> None:
    (tmp_path / "a.key").write_bytes(key_pem(KEY))
    (tmp_path / "a.cer").write_bytes(pem_of(LEAF))
    call = "openssl pkcs12 -export -inkey a.key -in a.cer -out a.pfx -legacy -passout pass:horses"
    subprocess.run(call.split(), cwd=tmp_path, check=True, capture_output=True)
    data = (tmp_path / "a.pfx").read_bytes()
    assert "pfx-password" in codes(pfx.read(data, "horses").findings)
    commands = refusal(data, tmp_path)
    assert all("-legacy" in each.text for each in commands)
    repaired(commands, tmp_path, PASSWORD)


@pytest.mark.parametrize("cipher", ["3des", "aes"])
def test_a_keys_own_password_is_taken_off_through_java(cipher: str, tmp_path: Path) -> None:
    program("keytool", "default-jre-headless")
    data = Style(cipher=cipher, key_password="k3y-pass").write([(KEY, ONE)], TIED)
    made = repaired(refusal(data, tmp_path), tmp_path, PASSWORD * 2 + "k3y-pass\n", PASSWORD)
    assert openssl_opens(made)


@pytest.mark.parametrize("kind", ["BKS", "UBER", "BCFKS"])
def test_a_keystore_of_bouncy_castle_becomes_a_pfx(kind: str, tmp_path: Path) -> None:
    library = Path("/usr/share/java/bcprov.jar")
    if not library.exists() or not shutil.which("keytool"):
        pytest.skip("Bouncy Castle is not here")
    shutil.copy(library, tmp_path / "bcprov.jar")
    (tmp_path / "in.pfx").write_bytes(Style(password="horses").write([(KEY, ONE)], TIED))
    provider = pfx_commands._BOUNCY_CASTLE
    make = f"keytool -importkeystore -srckeystore in.pfx -destkeystore apicert.{kind.lower()} -deststoretype {kind}"
    typed = PASSWORD * 3
    run(Command("bash", f"{make} {provider}"), tmp_path, typed)
    found = examine_or_raise((tmp_path / f"apicert.{kind.lower()}").read_bytes())
    assert (found.kind, codes(found.findings)) == ("keystore", ["keystore-bks"])
    repaired(found.findings[0].commands, tmp_path, typed, PASSWORD)


def test_a_certificate_with_many_rounds_is_written_again_with_few(tmp_path: Path) -> None:
    data, _ = WRITTEN["a part of 600 001 rounds"]
    (tmp_path / "apicert.pfx").write_bytes(data)
    (one,) = [each for each in pfx.read(data).findings if each.code == "pfx-many-rounds"]
    made = repaired(one.commands, tmp_path)
    assert pfx.read(made.read_bytes()).structure.rounds < 10_000


def refusal(data: bytes, folder: Path) -> tuple[Command, ...]:
    """The commands shown with the one error that keeps this file out."""
    (folder / "apicert.pfx").write_bytes(data)
    with pytest.raises(InvalidArtifact) as caught:
        pfx.read(data)
    (one,) = caught.value.findings
    return one.commands


def repaired(commands: tuple[Command, ...], folder: Path, *typed: str) -> Path:
    """The file in which the commands end, which has a clean bill; each line is run by itself, as a person does."""
    (bash,) = [each for each in commands if each.shell == "bash"]
    lines = bash.text.splitlines()
    answers = typed[-1:] if len(lines) == 1 else typed
    for line, answer in zip(lines, answers or [""], strict=True):
        run(Command("bash", line), folder, typed=answer)
    (made,) = folder.glob("*-new.pfx")
    found = pfx.read(made.read_bytes()).findings
    assert set(codes(found)) <= {ABOUT_THE_KEY, "pfx-no-chain"}
    return made


@pytest.mark.parametrize("certificates", [[LEAF, CA], [CA, LEAF]], ids=["own first", "issuer first"])
def test_the_test_sign_in_shows_the_certificate_of_a_pfx_without_local_key_id(
    certificates: list[x509.Certificate], tmp_path: Path
) -> None:
    """OpenSSL's -clcerts prints nothing of it. Nobody listens there: the fingerprint comes before that."""
    written = Style().write([(KEY, None)], [(one, None) for one in certificates])
    (tmp_path / "apicert.pfx").write_bytes(written)
    (bash,) = [
        each for each in proof.local_command("https://localhost:1/v2", FileNames()) if each.shell == "bash"
    ]
    answer = run(bash, tmp_path, "key\nsecret\n")
    fingerprint = LEAF.fingerprint(hashes.SHA256()).hex(":").upper()
    assert f"sha256 fingerprint={fingerprint}".lower() in answer.lower()
