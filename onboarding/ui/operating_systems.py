"""Which system, and which of its shells, somebody works with: for the commands that a page shows.

It is read from what the browser says of itself and can be changed by the person; nothing else depends on it.
"""

from collections.abc import Mapping
from enum import StrEnum


class System(StrEnum):
    """A system with the shell in which a command is typed; the value is part of addresses."""

    POWERSHELL = "windows-powershell"
    COMMAND_PROMPT = "windows-command-prompt"
    MACOS = "macos"
    LINUX = "linux"

    @property
    def label(self) -> str:
        """As its users write it."""
        return _LABELS[self]

    @property
    def is_windows(self) -> bool:
        """Whether Git Bash may be what they use."""
        return self in (System.POWERSHELL, System.COMMAND_PROMPT)

    @property
    def shell(self) -> str:
        """What to open to type a command."""
        return {System.MACOS: "Terminal", System.LINUX: "a terminal"}.get(self, self.label)


_LABELS = {
    System.POWERSHELL: "Windows PowerShell",
    System.COMMAND_PROMPT: "Windows Command Prompt",
    System.MACOS: "macOS",
    System.LINUX: "Linux",
}
_PLATFORMS = {"windows": System.POWERSHELL, "macos": System.MACOS, "linux": System.LINUX}
# A telephone says that it is a Linux or a Mac, too; nobody types these commands there.
_TELEPHONES = ("Android", "iPhone", "iPad")
_MARKS = (
    ("Windows", System.POWERSHELL),
    ("Mac OS", System.MACOS),
    ("Linux", System.LINUX),
    ("X11", System.LINUX),
)


def detect_system(headers: Mapping[str, str]) -> System:
    """The system of a browser by its headers; Windows where they do not tell, as most companies have it."""
    platform = headers.get("Sec-CH-UA-Platform", "").strip('" ').lower()
    if platform in _PLATFORMS:
        return _PLATFORMS[platform]
    agent = headers.get("User-Agent", "")
    if any(mark in agent for mark in _TELEPHONES):
        return System.POWERSHELL
    return next((system for mark, system in _MARKS if mark in agent), System.POWERSHELL)


def find_system(name: object) -> System | None:
    """The system of this value; None for anything else."""
    return System(str(name)) if name in set(System) else None
