"""Every command that the portal prints, run with each thing that can be wrong: the doctor knows what it prints then.

What it prints on a machine of ours only; other systems' words are in openssl_members.py and reader_members.py.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from certs.doctor.examiner import examine_or_raise
from certs.findings import Command, keytool_commands, openssl_commands
from certs.findings.openssl_commands import PLAIN
from tests.certs.doctor.sample import fill, shell
from tests.certs.x509_factories import codes, csr_pem, leaf, pem_of

pytestmark = pytest.mark.usefixtures("openssl")
Spoil = Callable[[Path], None]
QUIET = {  # what a command may print without failing
    "unknown-input", "certificate-good", "csr-good", "chain-incomplete", "certificate-issuer", "pem-repaired",
    "chain-kept", "private-key-pasted", "wrong-kind-public-key", "text-tidied",
}  # fmt: skip
PFX = "openssl pkcs12 -export -inkey apicert.key -in apicert.cer -out apicert.pfx -passout pass:"


def _without(*names: str) -> Spoil:
    return lambda folder: [(folder / name).unlink(missing_ok=True) for name in names] and None


def _written(name: str, data: bytes) -> Spoil:
    def write(folder: Path) -> None:
        (folder / name).write_bytes(data)

    return write


def _made(text: str) -> Spoil:
    def make(folder: Path) -> None:
        shell(folder, text)

    return make


def _utf16(folder: Path) -> None:
    path = folder / "apicert.cer"
    path.write_bytes(path.read_text().encode("utf-16"))


COMMANDS: dict[str, tuple[Command, ...]] = {
    "check_request": openssl_commands.check_request(),
    "make_pfx": openssl_commands.make_pfx(),
    "make_pfx with issuers": openssl_commands.make_pfx(chain=True),
    "check_pfx": openssl_commands.check_pfx(),
    "show_public_keys": openssl_commands.show_public_keys(),
    "pkcs7_to_certificate": openssl_commands.pkcs7_to_certificate(),
    "pkcs7_der_to_certificate": openssl_commands.pkcs7_der_to_certificate(),
    "base64_to_file": openssl_commands.base64_to_file(),
    "remake_pfx": openssl_commands.remake_pfx(),
    "split_pfx": openssl_commands.split_pfx(),
    "verify_certificate": openssl_commands.verify_certificate(),
    "make_request by keytool": keytool_commands.make_request(PLAIN),
    "make_pfx by keytool": keytool_commands.make_pfx(PLAIN),
    "list_keystore": keytool_commands.list_keystore(),
}
NO_FILE = {"openssl-no-file", "file-not-found"}
# command, what is wrong, the finding or one of them
WRONG: tuple[tuple[str, str, Spoil, set[str]], ...] = (
    ("check_request", "not there", _without("apicert.csr"), NO_FILE),
    ("check_request", "a certificate", _written("apicert.csr", pem_of(leaf())), {"openssl-request-unreadable"}),
    ("make_pfx", "no key", _without("apicert.key"), NO_FILE),
    ("make_pfx", "no certificate", _without("apicert.cer"), NO_FILE),
    ("make_pfx", "another key", _made("openssl genrsa -out apicert.key 2048"), {"openssl-other-key"}),
    ("make_pfx", "CSR for the certificate", _written("apicert.cer", csr_pem()), {"openssl-cannot-read-certificate", "openssl-csr-for-certificate"}),
    ("make_pfx", "certificate for the key", _written("apicert.key", pem_of(leaf())), {"openssl-no-key"}),
    ("make_pfx", "UTF-16", _utf16, {"openssl-cannot-read-certificate"}),
    ("make_pfx", "locked key", _made("openssl pkey -in apicert.key -aes256 -passout pass:horses -out k; mv k apicert.key"), {"openssl-key-locked", "openssl-no-key"}),
    ("make_pfx with issuers", "no issuers", _without("apicert-chain.cer"), NO_FILE),
    ("check_pfx", "not there", _without("apicert.pfx"), NO_FILE),
    ("check_pfx", "password", _made(PFX + "horses"), {"openssl-mac"}),
    ("check_pfx", "text", _made(f"{PFX}; base64 -w0 apicert.pfx >t; mv t apicert.pfx"), {"openssl-pfx-text"}),
    ("check_pfx", "no MAC", _made(PFX + " -nomac"), {"openssl-no-mac"}),
    ("check_pfx", "RC2", _made(PFX + " -legacy"), {"openssl-legacy"}),
    ("show_public_keys", "no key", _without("apicert.key"), NO_FILE),
    ("pkcs7_to_certificate", "not there", _without("apicert.p7b"), NO_FILE),
    ("pkcs7_to_certificate", "a certificate", _written("apicert.p7b", pem_of(leaf())), {"openssl-not-pkcs7"}),
    ("pkcs7_der_to_certificate", "a certificate", _written("apicert.p7b", pem_of(leaf())), {"openssl-not-pkcs7"}),
    ("base64_to_file", "not there", _without("apicert.pfx"), NO_FILE),
    ("remake_pfx", "not there", _without("apicert.pfx"), NO_FILE),
    ("remake_pfx", "password", _made(PFX + "horses"), {"openssl-mac"}),
    ("remake_pfx", "RC2", _made(PFX + " -legacy"), {"openssl-legacy"}),
    ("split_pfx", "password", _made(PFX + "horses"), {"openssl-mac"}),
    ("split_pfx", "a certificate", _written("apicert.pfx", pem_of(leaf())), {"openssl-pfx-text"}),
    ("verify_certificate", "no issuer's file", _without("apicert-chain.cer"), {"openssl-no-file", "openssl-issuer-missing"}),
    ("verify_certificate", "another issuer", _made("openssl req -x509 -newkey rsa:2048 -nodes -keyout x -subj /CN=Other -out apicert-chain.cer"), {"openssl-issuer-missing"}),
    ("make_pfx by keytool", "no certificate", _without("apicert.cer"), NO_FILE),
    ("make_pfx by keytool", "a key", _made("cp apicert.key apicert.cer"), {"keytool-not-a-certificate", "openssl-no-file"}),
    ("list_keystore", "not there", _without("apicert.pfx"), NO_FILE),
    ("list_keystore", "wrong password", _made(PFX + "horses9"), {"keystore-password"}),
)  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: f"{wrong[0]}: {wrong[1]}")
def test_what_our_own_command_prints_is_known(
    wrong: tuple[str, str, Spoil, set[str]], tmp_path: Path
) -> None:
    name, _, spoil, right = wrong
    if "keytool" in name or name == "list_keystore":
        shutil.which("keytool") or pytest.skip("keytool is not here")
    fill(tmp_path)
    spoil(tmp_path)
    printed = shell(tmp_path, COMMANDS[name][0].text, "donkey9\ndonkey9\n")
    found = set(codes(examine_or_raise(printed).findings))
    assert found & right, (found, printed)
    assert found <= right | QUIET | {"openssl-no-key", "openssl-request-unreadable"}


def test_without_the_programs_and_without_a_right_each_command_says_so(tmp_path: Path) -> None:
    fill(tmp_path)
    for name, commands in COMMANDS.items():
        missing = shell(tmp_path, f"PATH=/nowhere\n{commands[0].text}")
        found = set(codes(examine_or_raise(missing).findings))
        assert found & {"openssl-missing", "program-missing"}, name
    make = openssl_commands.make_request(PLAIN)[0].text.replace("apicert.key", "/sys/apicert.key")
    assert codes(examine_or_raise(shell(tmp_path, make)).findings)[0] == "openssl-cannot-write"


def test_a_command_of_another_shell_is_known_as_one(tmp_path: Path) -> None:
    for command in openssl_commands.make_request(PLAIN):
        if command.shell in ("powershell", "cmd"):
            assert codes(examine_or_raise(shell(tmp_path, command.text)).findings) == ["wrong-shell"]
