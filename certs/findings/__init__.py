"""Finding: one thing that is to be said about what somebody gave us, and how to fix it; InvalidArtifact: a refusal.

This package is the bottom of certs/: it imports certs.clock and nothing else of the room. The words
themselves are in catalogue/; nothing here reads an input.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from certs.findings.codes import FindingCode

Severity = Literal["error", "warning", "info"]
Shell = Literal["bash", "git-bash", "powershell", "cmd", "key-vault"]


_TITLES: dict[Shell, str] = {
    "bash": "bash",
    "git-bash": "Git Bash",
    "powershell": "PowerShell",
    "cmd": "Command Prompt (cmd)",
    "key-vault": "Azure Key Vault",
}


@dataclass(frozen=True)
class Command:
    """Something to type (or, for `key-vault`, to click) that fixes or makes an artifact; ready to copy."""

    shell: Shell
    text: str

    @property
    def title(self) -> str:
        """The shell's name as its users write it."""
        return _TITLES[self.shell]


class Part(StrEnum):
    """A part of what was given that has a place of its own on a page; the value is its name in sentences."""

    API_KEY = "API key"
    API_SECRET = "API secret"  # noqa: S105  the name of one


@dataclass(frozen=True)
class Finding:
    """One fault or remark: what was seen, why it matters, how to fix it.

    `error` stops the step, `warning` does not but may bite later, `info` says what we did or passed over.
    `about` says which part it is about, None: the whole of what was given. No field ever holds a secret.
    """

    code: FindingCode
    severity: Severity
    seen: str
    why: str
    fix: str
    commands: tuple[Command, ...] = ()
    about: Part | None = None

    def __str__(self) -> str:
        return f"{self.seen} {self.why} {self.fix}"


class InvalidArtifact(Exception):
    """What was brought cannot be used; `findings` say why, the errors among them first."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(sorted(findings, key=lambda f: _ORDER.index(f.severity)))
        super().__init__(" ".join(str(f) for f in self.findings if f.severity == "error"))

    @property
    def codes(self) -> tuple[FindingCode, ...]:
        """The findings' codes, in order."""
        return tuple(f.code for f in self.findings)


_ORDER = ("error", "warning", "info")


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that stop the step."""
    return tuple(f for f in findings if f.severity == "error")


def refuse_errors(findings: Iterable[Finding]) -> None:
    """Raise InvalidArtifact (with every finding, remarks too) if any of them is an error."""
    found = tuple(findings)
    if errors(found):
        raise InvalidArtifact(found)
