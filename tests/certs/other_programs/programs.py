"""The makers of CSRs that are run here: those of certs/programs/csr_makers.py, and others that people bring CSRs of.

Nothing is installed: a maker whose version cannot be asked for is not on this machine.
"""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from certs.findings import Command, keytool_commands, openssl_commands
from certs.findings.openssl_commands import PLAIN
from certs.programs.csr_makers import CSR_MAKERS, CsrMaker
from tests.certs.other_programs.certificate_lines import PRINTERS
from tests.certs.other_programs.other_lines import OTHERS
from tests.certs.other_programs.pfx_lines import DOTNET, EXPORTS
from tests.certs.x509_factories import Authority, common, issue, key_pem, pem_of, rsa_key

HERE = Path(__file__).parent
MODULES = Path(os.environ.get("MAKERS_NODE_MODULES", HERE.parents[2] / "node_modules"))
# Python's own programs first; /usr/share/easy-rsa is where Debian puts Easy-RSA.
PATH = (
    f"{Path(sys.executable).parent}:{os.environ['PATH']}:/usr/share/easy-rsa"
    f":{MODULES}/@oven/bun-linux-x64/bin:{MODULES}/@deno/linux-x64-glibc"  # where npm lays the two programs
)
PASSWORD = "correct horse"  # of keystores that are made for a test
_NODE = "node -p 'require(\"./node_modules/{0}/package.json\").version'"
_DEBIAN = "dpkg-query -W -f '${{Version}}' {0}"
_ALWAYS = frozenset({"certtool", "nss", "forge", "pkijs"})
_VERSIONS = {
    "certtool": "certtool --version | sed -n '1s/.* //p'",
    "nss": _DEBIAN.format("libnss3-tools"),
    "cfssl": "cfssl version | sed -n 's/Version: *//p'",
    "easy-rsa": _DEBIAN.format("easy-rsa"),
    "strongswan": "pki --help 2>/dev/null | sed -n 's/strongSwan \\([^ ]*\\).*/\\1/p'",
    "ansible": "ansible-playbook --version | sed -n '1s/.*core \\(.*\\)]/\\1/p'",
    "python": "python -c 'import cryptography; print(cryptography.__version__)'",
    "go": "go version | cut -d' ' -f3",
    "ruby": "ruby -e 'puts RUBY_VERSION'",
    "php": "php -r 'echo PHP_VERSION;'",
    "dotnet": DOTNET,
    "forge": _NODE.format("node-forge"),
    "pkijs": _NODE.format("pkijs"),
}


@dataclass(frozen=True)
class Maker:
    """`ask_version` prints it, and fails where the maker is missing. `typed` answers each line, as a person would."""

    recipe: CsrMaker
    ask_version: str
    typed: tuple[str, ...] = ()
    is_always_run: bool = False

    def find_version(self, folder: Path) -> str:
        """Empty if it is not on this machine."""
        done = _start(self.ask_version, folder)
        return done.stdout.strip() if done.returncode == 0 else ""

    def make_request(self, folder: Path) -> bytes:
        """The CSR, made as a person would by the lines; raises AssertionError with what was printed."""
        self._run(folder)
        return (folder / PLAIN.csr).read_bytes()

    def finish(self, folder: Path) -> None:
        """Bring the certificate to the key, by the lines for that."""
        done = _start(self.recipe.fill(PLAIN).later, folder)
        assert done.returncode == 0, done.stdout + done.stderr

    def make_pfx(self, folder: Path) -> bytes:
        """The PFX of a key of tests with certificate and issuer; raises as make_request()."""
        self._run_with_certificate(folder)
        return (folder / PLAIN.pfx).read_bytes()

    def print_certificate(self, folder: Path) -> bytes:
        """The same certificate and issuer as the program prints them; raises as make_request()."""
        self._run_with_certificate(folder)
        return (folder / f"{PLAIN.stem}-out.txt").read_bytes()

    def _run_with_certificate(self, folder: Path) -> None:
        issuer = _issuer()
        (folder / PLAIN.key).write_bytes(key_pem(rsa_key()))
        (folder / PLAIN.cer).write_bytes(pem_of(issue(rsa_key().public_key(), issuer)))
        (folder / PLAIN.chain).write_bytes(pem_of(issuer.certificate))
        self._run(folder)

    def _run(self, folder: Path) -> None:
        recipe = self.recipe.fill(PLAIN)
        if recipe.file:
            (folder / recipe.file).write_text(f"{recipe.lines}\n")
        # A program that asks reads all that waits for it: each line gets its own answers.
        calls = recipe.lines.splitlines() if self.typed else [recipe.call or recipe.lines]
        for call, typed in zip(calls, self.typed or ("",), strict=True):
            done = _start(call, folder, typed)
            assert done.returncode == 0, done.stdout + done.stderr


@functools.cache
def _issuer() -> Authority:
    """With RSA above it too: node-forge reads no certificate of another key, and damages what another key signed."""
    key, top = rsa_key("issuer", 2048), rsa_key("root", 2048)
    above = issue(top.public_key(), None, name=common("Test Root"), signed_with=top, is_authority=True)
    name = common("Test Issuing CA")
    return Authority(key, issue(key.public_key(), Authority(top, above), name=name, is_authority=True))


def _start(call: str, folder: Path, typed: str = "") -> subprocess.CompletedProcess[str]:
    if not (folder / "node_modules").is_symlink():
        (folder / "node_modules").symlink_to(MODULES)
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", call],
        cwd=folder,
        env={**os.environ, "PATH": PATH},
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,  # seconds; making a key takes one or two where nothing else is done
    )


def _in_bash(commands: tuple[Command, ...]) -> str:
    (found,) = [each.text for each in commands if each.shell == "bash"]
    return found


def _maker(recipe: CsrMaker) -> Maker:
    """.NET's compiler is not to be had as a package: the same calls are made from Python."""
    if recipe.id == "dotnet":
        called = f"python {HERE / 'dotnet_request.py'} KEY_FILE CSR_FILE"
        recipe = CsrMaker(recipe.id, recipe.name, recipe.lines, file=recipe.file, call=called)
    return Maker(recipe, _VERSIONS[recipe.id], is_always_run=recipe.id in _ALWAYS)


MAKERS = (
    Maker(
        CsrMaker("openssl", "OpenSSL", _in_bash(openssl_commands.make_request(PLAIN))),
        "openssl version | cut -d' ' -f2",
        is_always_run=True,
    ),
    Maker(
        CsrMaker("keytool", "Java, keytool", _in_bash(keytool_commands.make_request(PLAIN))),
        "java -version 2>&1 | sed -n '1s/.*\"\\(.*\\)\".*/\\1/p'",
        typed=(f"{PASSWORD}\n" * 2, f"{PASSWORD}\n"),
        is_always_run=True,
    ),
    *(_maker(each) for each in CSR_MAKERS),
    *(Maker(each, asked) for each, asked in OTHERS),
)
PFX_MAKERS = tuple(Maker(each, asked) for each, asked in EXPORTS)
CERTIFICATE_PRINTERS = tuple(Maker(each, asked) for each, asked in PRINTERS)
