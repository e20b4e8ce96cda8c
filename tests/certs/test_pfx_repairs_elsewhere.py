"""What .NET, Go, Node, Deno and Bouncy Castle say of a PFX is understood, and the repair shown with it ends in them.

Nightly, and where the program is installed. The repairs for other readers are in test_pfx_repairs.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from certs.doctor.examiner import examine_or_raise
from certs.findings import Command
from tests.certs.complaining_readers import READERS
from tests.certs.pfx_factories import ONE, Style
from tests.certs.shells import run
from tests.certs.test_pfx_of_others import CA, KEY, LEAF, TIED
from tests.certs.x509_factories import key_pem, pem_of

pytestmark = [pytest.mark.nightly, pytest.mark.interop, pytest.mark.usefixtures("openssl")]
PASSWORD = "horses\n"  # of files that are made for a test, as it is typed
RC2 = "openssl pkcs12 -export -inkey a.key -in a.cer -certfile ca.cer -out apicert.pfx -legacy -passout pass:"
LOCKED = Style(password="horses")
AES = Style(cipher="aes")
# The reader, how the file is written, the finding that its words betray, what is typed.
COMPLAINTS = {
    "too many rounds for .NET": (".NET", Style(cipher="aes", rounds=600_001), "dotnet-rounds", ""),
    "a password, and .NET is given none": (".NET", LOCKED, "openssl-mac", PASSWORD),
    "AES for Go's ToPEM": ("Go", AES, "go-old", ""),
    "issuers for Go's Decode": ("Go", Style(), "go-issuers", ""),
    "a password, and Go is given none": ("Go", LOCKED, "openssl-mac", PASSWORD),
    "RC2 for Node": ("Node", RC2, "node-unsupported", ""),
    "a password, and Node is given none": ("Node", LOCKED, "openssl-mac", PASSWORD),
    "a key in clear for Deno": ("Deno", Style(cipher="none"), "deno-pfx", ""),
    "AES for Bouncy Castle": ("Bouncy Castle", AES, "bouncy-castle-aes", ""),
    "a password, and Bouncy Castle is given none": ("Bouncy Castle", LOCKED, "openssl-mac", PASSWORD),
}


@pytest.mark.parametrize("name", COMPLAINTS)
def test_the_repair_ends_in_the_reader_that_complained(name: str, tmp_path: Path) -> None:
    reader, style, code, typed = COMPLAINTS[name]
    program = READERS[reader]
    if not program.is_here(tmp_path):
        pytest.skip("not on this machine")
    write(style, tmp_path)
    to_pem = ["topem"] if reader == "Go" and code != "go-issuers" else []
    said = program.complaint(tmp_path, "apicert.pfx", *to_pem)
    (found,) = examine_or_raise(said.encode()).findings
    assert found.code == code, said
    (bash,) = [each for each in found.commands if each.shell == "bash"]
    for line in bash.text.splitlines():
        run(Command("bash", line), tmp_path, typed=typed)
    made = [each.name for each in tmp_path.glob("*-new.pfx")] or split(tmp_path)
    assert program.complaint(tmp_path, *made, *to_pem) == ""


def write(style: Style | str, folder: Path) -> None:
    if isinstance(style, Style):
        (folder / "apicert.pfx").write_bytes(style.write([(KEY, ONE)], TIED))
        return
    for name, data in {"a.key": key_pem(KEY), "a.cer": pem_of(LEAF), "ca.cer": pem_of(CA)}.items():
        (folder / name).write_bytes(data)
    run(Command("bash", style), folder)


def split(folder: Path) -> list[str]:
    """The certificate and the key that a command has made, or both in one file."""
    if (folder / "apicert.pem").exists():
        return ["apicert.pem"]
    return [next(folder.glob(f"apicert-{each}.pem")).name for each in ("certificates", "key")]
