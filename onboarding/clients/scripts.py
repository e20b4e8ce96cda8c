"""Scripts that make the files of many clients in one go: one for each shell, with the commands of the steps' pages.

Nothing that exists is replaced, and at the end each script names what is missing. Company names are data here: they are
quoted for the shell, and left out where no quoting is safe (cmd).
"""

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from certs.findings.openssl_commands import FileNames
from onboarding.clients.bulk_steps import BulkStep
from onboarding.clients.targets import Target

UNSAFE_QUOTES = (
    "'\u2018\u2019\u201a\u201b"  # PowerShell takes each of these for the end of a text in single quotes
)
# An OpenSSL before 3.0 leaves an empty PFX behind when it fails; an empty file counts as missing in every shell.
ABSENT_CMD = (
    "(if not exist %%F (echo %%F is missing& set missing=1) "
    'else if "%%~zF"=="0" (echo %%F is missing& set missing=1))'
)
ABSENT_POWERSHELL = "-not (Test-Path $file) -or (Get-Item $file).Length -eq 0"
NO_OPENSSL = "OpenSSL was not found. Install it, or add its folder to PATH, then run this again."


@dataclass(frozen=True)
class Kind:
    """A shell's script: its address, the shell of the commands in it, the file's ending and what the page calls it."""

    name: str
    shell: str
    ending: str
    title: str
    write: Callable[[BulkStep, Sequence[Target]], str]
    encoding: str = "utf-8"

    def build(self, work: BulkStep, targets: Sequence[Target]) -> bytes:
        """The script as it is saved."""
        return self.write(work, targets).encode(self.encoding)


def _command(work: BulkStep, names: FileNames, shell: str) -> str:
    return next(each.text for each in work.commands(names) if each.shell == shell)


def _plain(text: str) -> str:
    """One line, whatever stands in a company's name."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _quote_powershell(text: str) -> str:
    return "'" + "".join(each * 2 if each in UNSAFE_QUOTES else each for each in text) + "'"


def write_sh(work: BulkStep, targets: Sequence[Target]) -> str:
    """For any POSIX shell; in Git Bash the subject must not be taken for a path (openssl_commands.py)."""
    lines = [
        "#!/bin/sh",
        f"# Makes {work.makes} for each of {len(targets)} clients, in the folder in which it is run.",
        "# Nothing that is there already is replaced.",
        "MSYS_NO_PATHCONV=1",
        "export MSYS_NO_PATHCONV",
        "umask 077",
        f"command -v openssl >/dev/null 2>&1 || {{ echo {shlex.quote(NO_OPENSSL)} >&2; exit 1; }}",
    ]
    for target in targets:
        lines += [f"printf '%s\\n' {shlex.quote(_plain(target.title))}", _once_sh(work, target.names)]
    files = " ".join(each.sent for each in targets)
    lines += [
        "missing=0",
        f'for file in {files}; do [ -s "$file" ] || {{ echo "$file is missing"; missing=1; }}; done',
        "exit $missing",
    ]
    return "\n".join(lines) + "\n"


def _once_sh(work: BulkStep, names: FileNames) -> str:
    command = _command(work, names, "bash")
    if not work.needed(names):
        return command
    lacking = "".join(
        f'elif [ ! -e {each} ]; then echo "{each} is not in this folder."; ' for each in work.needed(names)
    )
    there = f'echo "{work.sent(names)} is there already. Nothing was changed."'
    return f"if [ -e {work.sent(names)} ]; then {there}; {lacking}else {command}; fi"


def write_powershell(work: BulkStep, targets: Sequence[Target]) -> str:
    """For PowerShell 5 and later, which knows UTF-8 by the mark at the beginning."""
    lines = [
        f"# Makes {work.makes} for each of {len(targets)} clients, in the folder in which it is run.",
        "# Nothing that is there already is replaced.",
        f"if (-not (Get-Command openssl -ErrorAction SilentlyContinue)) {{ {_quote_powershell(NO_OPENSSL)}; exit 1 }}",
    ]
    for target in targets:
        lines += [_quote_powershell(_plain(target.title)), _once_powershell(work, target.names)]
    files = ", ".join(_quote_powershell(each.sent) for each in targets)
    lines += [
        "$missing = 0",
        f'foreach ($file in @({files})) {{ if ({ABSENT_POWERSHELL}) {{ "$file is missing"; $missing = 1 }} }}',
        "exit $missing",
    ]
    return "\r\n".join(lines) + "\r\n"


def _once_powershell(work: BulkStep, names: FileNames) -> str:
    command = _command(work, names, "powershell")
    if not work.needed(names):
        return command
    lacking = "".join(
        f'elseif (-not (Test-Path {each})) {{ "{each} is not in this folder." }} '
        for each in work.needed(names)
    )
    there = f'"{work.sent(names)} is there already. Nothing was changed."'
    return f"if (Test-Path {work.sent(names)}) {{ {there} }} {lacking}else {{ {command} }}"


def write_cmd(work: BulkStep, targets: Sequence[Target]) -> str:
    """For the Windows command prompt, where no quoting of a name is safe: clients are named by their codes.

    A batch file expands %...% in every text, quoted or not, and !...! as well where the computer has delayed expansion
    switched on; no text from outside stands in it, and delayed expansion is switched off.
    """
    lines = [
        "@echo off",
        "setlocal EnableExtensions DisableDelayedExpansion",
        f"rem Makes {work.makes} for each of {len(targets)} clients, in the folder in which it is run.",
        "rem Nothing that is there already is replaced.",
        f"openssl version >nul 2>nul || (echo {NO_OPENSSL}& exit /b 1)",
    ]
    for target in targets:
        lines += [f"echo {target.code}", _once_cmd(work, target.names)]
    lines.append("set missing=0")
    lines += [f"for %%F in ({each.sent}) do {ABSENT_CMD}" for each in targets]
    lines.append("exit /b %missing%")
    return "\r\n".join(lines) + "\r\n"


def _once_cmd(work: BulkStep, names: FileNames) -> str:
    command = _command(work, names, "cmd")
    if not work.needed(names):
        return command
    there = f"echo {work.sent(names)} is there already. Nothing was changed."
    lacking = "".join(
        f"if not exist {each} (echo {each} is not in this folder.) else " for each in work.needed(names)
    )
    return f"if exist {work.sent(names)} ({there}) else {lacking}({command})"


KINDS = {
    each.name: each
    for each in (
        Kind("sh", "bash", "sh", "Linux, macOS or Git Bash", write_sh),
        Kind("powershell", "powershell", "ps1", "PowerShell", write_powershell, "utf-8-sig"),
        Kind("cmd", "cmd", "cmd", "Windows command prompt", write_cmd, "ascii"),
    )
}
