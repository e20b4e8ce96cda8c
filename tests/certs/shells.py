"""Runs a shown command as its shell would: bash for real; PowerShell and cmd by their own quoting rules.

Only the few forms that our commands use are known; anything else fails the test that shows it.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

from certs.findings import Command

_POWERSHELL_WORD = re.compile(r"[A-Za-z0-9_./:=-]+|\"[^\"$`]*\"|'[^']*'")
_CMD_WORD = re.compile(r"[A-Za-z0-9_./:=-]+|\"[^\"%^!]*\"")


def run(command: Command, folder: Path, typed: str = "") -> str:
    """Run it in `folder`, answer what it prints. `typed` is what a person types when asked."""
    if command.shell in ("bash", "git-bash"):
        return _start(["bash", "-c", command.text], folder, typed)
    if command.shell == "powershell":
        return _powershell(command.text, folder, typed)
    assert command.shell == "cmd"
    return _cmd(command.text, folder, typed)


def argv(command: Command) -> list[str]:
    """The words of the only openssl call in a command."""
    text = command.text.replace("MSYS_NO_PATHCONV=1 ", "")
    call = re.search(r"openssl (?:[^;{}()|&]|\([^)]*\))*", text)
    assert call is not None
    if command.shell in ("bash", "git-bash"):
        return shlex.split(call[0])
    return words(call[0], _POWERSHELL_WORD if command.shell == "powershell" else _CMD_WORD)


def words(text: str, word: re.Pattern[str] = _POWERSHELL_WORD) -> list[str]:
    """Split as the shell does; a character that would mean something else to it fails."""
    found, at = [], 0
    text = text.strip()
    while at < len(text):
        match = word.match(text, at)
        assert match, f"{text[at:]!r} means something else to this shell"
        assert not re.match(r"-[^\"']*[:.]", match[0]), (
            "PowerShell splits an option with a colon or a full stop"
        )
        found.append(match[0].strip("\"'"))
        at = match.end()
        spaces = re.match(r"\s+|$", text[at:])
        assert spaces, f"no space after {match[0]!r}"
        at += spaces.end()
    return found


def _powershell(text: str, folder: Path, typed: str) -> str:
    if guard := re.fullmatch(r'if \(Test-Path (\S+)\) \{ "([^"$`]*)" \} else \{ (.*) \}', text):
        file, said, otherwise = guard.groups()
        return said if (folder / file).exists() else _powershell(otherwise, folder, typed)
    printed = ""
    for statement in re.split(r"; |\n", text):
        call = words(statement)
        if call[0] == "Remove-Item":
            (folder / call[1]).unlink()
        else:
            printed += _start(call, folder, typed)
    return printed


def _cmd(text: str, folder: Path, typed: str) -> str:
    if guard := re.fullmatch(r"if exist (\S+) \(echo ([^()]*)\) else \((.*)\)", text):
        file, said, otherwise = guard.groups()
        return said if (folder / file).exists() else _cmd(otherwise, folder, typed)
    printed = ""
    for line in text.splitlines():
        for statement in re.split(r" && ?| & ", line):
            if statement.startswith("del "):
                (folder / statement.removeprefix("del ")).unlink()
            else:
                printed += _pipe([words(part, _CMD_WORD) for part in statement.split(" | ")], folder, typed)
    return printed


def _pipe(calls: list[list[str]], folder: Path, typed: str) -> str:
    """cmd's pipe carries bytes unchanged."""
    joined = " | ".join(shlex.join(call) for call in calls)
    return _start(["bash", "-c", joined], folder, typed)


def _start(call: list[str], folder: Path, typed: str) -> str:
    """In a session of its own openssl finds no terminal and reads what is typed from its input."""
    done = subprocess.run(
        call,
        cwd=folder,
        input=typed.encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        check=False,
    )
    printed = done.stdout.decode(errors="replace")
    assert done.returncode == 0, printed
    return printed
