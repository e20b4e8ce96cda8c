"""Entry: the words of one finding, with {names} for the facts.

The tables of entries are beside this file, one per kind of artefact.
"""

from collections.abc import Callable
from dataclasses import dataclass

from certs.findings import Command, Severity


def no_commands() -> tuple[Command, ...]:
    """For findings that no command mends."""
    return ()


@dataclass(frozen=True)
class Entry:
    """What was seen, why it matters, how to mend it; `commands` makes the commands that mend it."""

    severity: Severity
    seen: str
    why: str
    fix: str
    commands: Callable[[], tuple[Command, ...]] = no_commands
