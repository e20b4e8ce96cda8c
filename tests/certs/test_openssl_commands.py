"""Every command that is shown is run, with the real openssl, and does what the page says."""

from __future__ import annotations

import base64
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PrivateFormat,
    load_pem_private_key,
    pkcs7,
)

from certs import certificate, csr, pfx
from certs.findings import Command, azure_key_vault_instructions, openssl_commands
from certs.findings.openssl_commands import FileNames
from certs.pfx_encryption import PfxEncryption
from tests.certs.shells import argv, run, words
from tests.certs.x509_factories import codes, csr_pem, intermediate, key_pem, leaf, pem_of, rsa_key
from tests.rules.marker import rule

NAMES = FileNames("apicert-7f3a")
KEY, LEAF = rsa_key(bits=2048), leaf(bits=2048)  # opening one of 4096 bits takes six times as long
SHELLS = ("bash", "git-bash", "powershell", "cmd")
EVERYWHERE = pytest.mark.parametrize("shell", SHELLS)

pytestmark = pytest.mark.usefixtures("openssl")


def of(shown: tuple[Command, ...], shell: str) -> Command:
    (one,) = [command for command in shown if command.shell == shell]
    return one


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a person has key, CSR and certificate."""
    (tmp_path / NAMES.key).write_bytes(key_pem(KEY))
    (tmp_path / NAMES.csr).write_bytes(csr_pem(KEY))
    (tmp_path / NAMES.cer).write_bytes(pem_of(LEAF))
    (tmp_path / NAMES.chain).write_bytes(pem_of(intermediate().certificate))
    return tmp_path


@rule("R46", "T1")
@pytest.mark.parametrize("shell", ["bash", "git-bash"])
def test_the_first_command_makes_a_good_key_and_request(tmp_path: Path, shell: str) -> None:
    run(of(openssl_commands.make_request(NAMES), shell), tmp_path)
    assert csr.read((tmp_path / NAMES.csr).read_bytes()).findings == ()
    key = load_pem_private_key((tmp_path / NAMES.key).read_bytes(), None)  # no passphrase
    assert isinstance(key, rsa.RSAPrivateKey)
    assert key.key_size == 4096
    assert (tmp_path / NAMES.key).stat().st_mode & 0o077 == 0


@rule("R46", "T4")
@pytest.mark.parametrize("shell", ["powershell", "cmd"])
def test_the_other_shells_give_openssl_the_very_same_words(shell: str) -> None:
    shown = openssl_commands.make_request(NAMES)
    assert argv(of(shown, shell)) == argv(of(shown, "bash"))
    assert argv(of(shown, shell))[-2:] == ["-subj", "/CN=onboarding_key"]


@rule("T3")
@EVERYWHERE
def test_run_twice_it_leaves_the_key_alone(folder: Path, shell: str) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    said = run(of(openssl_commands.make_request(NAMES), shell), folder)
    assert said.strip() == "apicert-7f3a.key is there already. Nothing was changed."
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_without_names_every_command_has_its_own() -> None:
    first = FileNames.fresh(datetime(2026, 11, 23, 14, 5, 2, tzinfo=UTC))
    assert first.key == "apicert-20261123-140502.key"
    assert re.search(r"apicert-\d{8}-\d{6}\.key", openssl_commands.make_request()[0].text)


@EVERYWHERE
def test_the_request_can_be_looked_at(folder: Path, shell: str) -> None:
    said = run(of(openssl_commands.check_request(NAMES), shell), folder)
    assert "verify OK" in said
    assert "2048 bit" in said
    assert "onboarding_key" in said


@rule("R51", "T10")
@EVERYWHERE
def test_the_pfx_is_the_one_for_the_dip(folder: Path, shell: str) -> None:
    run(of(openssl_commands.make_pfx(NAMES), shell), folder)
    reading = pfx.read((folder / NAMES.pfx).read_bytes())
    assert reading.encryption is PfxEncryption.PASSWORDLESS
    assert codes(reading.findings) == ["certificate-key-size", "pfx-no-chain"]


@EVERYWHERE
def test_the_pfx_may_carry_the_issuers(folder: Path, shell: str) -> None:
    run(of(openssl_commands.make_pfx(NAMES, chain=True), shell), folder)
    reading = pfx.read((folder / NAMES.pfx).read_bytes())
    assert reading.chain_pem.encode() == pem_of(intermediate().certificate)


@EVERYWHERE
@pytest.mark.parametrize(
    ("cipher", "encryption"),
    [
        (openssl_commands.TRIPLE_DES, PfxEncryption.THREE_DES_PASSWORD),
        ("-keypbe AES-256-CBC -certpbe AES-256-CBC -macalg sha256", PfxEncryption.AES256_PASSWORD),
    ],
)
def test_with_a_password_openssl_asks_for_it(
    folder: Path, shell: str, cipher: str, encryption: PfxEncryption
) -> None:
    shown = of(openssl_commands.make_pfx(NAMES, cipher, password=True), shell)
    assert "pass:" not in shown.text
    run(shown, folder, typed="correct horse\ncorrect horse\n")
    assert pfx.read((folder / NAMES.pfx).read_bytes(), "correct horse").encryption is encryption


@EVERYWHERE
def test_a_pfx_can_be_looked_at(folder: Path, shell: str) -> None:
    (folder / NAMES.pfx).write_bytes(pfx.build(KEY, LEAF, []))
    said = run(of(openssl_commands.check_pfx(NAMES), shell), folder)
    assert "pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 2048" in said


@EVERYWHERE
def test_three_equal_fingerprints_are_the_one_on_our_pages(folder: Path, shell: str) -> None:
    said = run(of(openssl_commands.show_public_keys(NAMES), shell), folder)
    shown = csr.read(csr_pem(KEY)).public_key_sha256
    assert re.findall(r"= ?([0-9a-f]{64})", said) == [shown] * 3


@EVERYWHERE
def test_a_p7b_is_opened(folder: Path, shell: str) -> None:
    chain = [LEAF, intermediate().certificate]
    (folder / NAMES.p7b).write_bytes(pkcs7.serialize_certificates(chain, Encoding.PEM))
    run(of(openssl_commands.pkcs7_to_certificate(NAMES), shell), folder)
    assert b"BEGIN CERTIFICATE" in (folder / NAMES.cer).read_bytes()
    assert certificate_of(folder) == LEAF.public_bytes(Encoding.PEM).decode()


def certificate_of(folder: Path) -> str:
    return certificate.read((folder / NAMES.cer).read_bytes()).pem


@EVERYWHERE
def test_base64_text_becomes_the_pfx(folder: Path, shell: str) -> None:
    made = pfx.build(KEY, LEAF, [])
    (folder / NAMES.pfx).write_bytes(base64.b64encode(made))
    run(of(openssl_commands.base64_to_file(NAMES), shell), folder)
    assert (folder / "apicert-7f3a-new.pfx").read_bytes() == made


REMADE: dict[str, tuple[str, Callable[[FileNames], tuple[Command, ...]], str]] = {
    "a key in clear": ("-keypbe NONE -certpbe NONE -passout pass:", openssl_commands.remake_pfx, ""),
    "no MAC": ("-nomac -passout pass:", openssl_commands.remake_pfx, ""),
    "AES": ("-passout pass:", openssl_commands.remake_pfx, ""),
    "RC2": ("-legacy -passout pass:", openssl_commands.remake_pfx_legacy, ""),
    "a password": ("-passout pass:horse", openssl_commands.remake_pfx_with_password, "horse\n"),
}


@EVERYWHERE
@pytest.mark.parametrize("before", REMADE)
def test_any_pfx_is_written_anew_for_the_dip(folder: Path, shell: str, before: str) -> None:
    options, remake, typed = REMADE[before]
    files = f"-inkey {NAMES.key} -in {NAMES.cer} -certfile {NAMES.chain} -out {NAMES.pfx}"
    run(Command("bash", f"openssl pkcs12 -export {files} {options}"), folder)
    run(of(remake(NAMES), shell), folder, typed)
    reading = pfx.read((folder / "apicert-7f3a-new.pfx").read_bytes())
    assert reading.encryption is PfxEncryption.PASSWORDLESS
    assert reading.chain_pem.encode() == pem_of(intermediate().certificate)
    assert not (folder / "apicert-7f3a-open.pem").exists()


ALL = (
    openssl_commands.make_request(NAMES),
    openssl_commands.check_request(NAMES),
    openssl_commands.make_pfx(NAMES),
    openssl_commands.make_pfx(
        NAMES, "-keypbe AES-256-CBC -certpbe AES-256-CBC -macalg sha256", password=True, chain=True
    ),
    openssl_commands.check_pfx(NAMES),
    openssl_commands.show_public_keys(NAMES),
    openssl_commands.pkcs7_to_certificate(NAMES),
    openssl_commands.base64_to_file(NAMES),
    openssl_commands.remake_pfx(NAMES),
    openssl_commands.remake_pfx_legacy(NAMES),
    openssl_commands.remake_pfx_with_password(NAMES),
)


@rule("T1", "T2", "T4")
@pytest.mark.parametrize("shown", ALL, ids=lambda shown: shown[0].text[:40])
def test_each_command_is_there_for_every_shell_and_can_be_pasted(shown: tuple[Command, ...]) -> None:
    assert {command.shell for command in shown} == set(SHELLS)
    for command in shown:
        assert command.text.isascii()
        assert not command.text.endswith(".") or command.text.endswith("pass:")
        assert ("MSYS_NO_PATHCONV=1" in command.text) is (command.shell == "git-bash")


@pytest.mark.parametrize("stem", ["", "-x", "a b", "a;b", "a$b", "A", "../a", "a" * 41, "a\n", "é"])
def test_a_name_that_a_shell_could_misread_is_refused(stem: str) -> None:
    with pytest.raises(ValueError, match="stem"):
        FileNames(stem)


def test_the_shell_reader_of_these_tests_refuses_what_powershell_reads_otherwise() -> None:
    for text in ("curl -H @file", "a $b", "x (1)", "-passin:pass", 'a"b"', "a; b"):
        with pytest.raises(AssertionError):
            words(text)


def test_the_file_of_the_key_can_be_read_by_openssl_of_both_forms(folder: Path) -> None:
    (folder / NAMES.key).write_bytes(key_pem(KEY, PrivateFormat.TraditionalOpenSSL))
    shutil.copy(folder / NAMES.cer, folder / "copy.cer")
    run(of(openssl_commands.make_pfx(NAMES), "bash"), folder)
    assert pfx.read((folder / NAMES.pfx).read_bytes()).encryption is PfxEncryption.PASSWORDLESS


@rule("R40", "R41", "R42", "R43", "R45", "T6")
def test_the_clicks_in_key_vault_are_in_order_and_name_every_trap() -> None:
    clicks = azure_key_vault_instructions.make_request()
    assert clicks.shell == "key-vault"
    lines = clicks.text.splitlines()
    assert [line.partition(".")[0] for line in lines] == [str(n) for n in range(1, len(lines) + 1)]
    order = [
        "Generate/Import",
        "Generate.",
        "onboarding-key",
        "Certificate issued by a non-integrated CA",
        "CN=onboarding_key",
        "Advanced Policy Configuration",
        "4096",
        "Create.",
        "Certificate Operation",
        "Download CSR",
    ]
    places = [clicks.text.index(word) for word in order]
    assert places == sorted(places)


@rule("R52", "R54", "T10")
def test_merging_and_downloading_name_the_portals_own_words() -> None:
    merging = azure_key_vault_instructions.merge_certificate().text
    order = ["Certificate Operation", "Merge Signed Request", ".cer", "completed"]
    places = [merging.index(word) for word in order]
    assert places == sorted(places)
    assert "PFX format" in azure_key_vault_instructions.download_pfx().text
    assert "--encoding base64" in azure_key_vault_instructions.download_pfx().text
    assert "read secrets" in azure_key_vault_instructions.download_pfx().text
