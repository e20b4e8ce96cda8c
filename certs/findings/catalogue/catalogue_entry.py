"""CatalogueEntry: the words of one finding, with {names} for the facts.

The tables of entries are beside this file, one per kind of artifact.
"""

from collections.abc import Callable
from dataclasses import dataclass
from string import Formatter

from certs.findings import Command, Severity


def no_commands() -> tuple[Command, ...]:
    """For findings that no command fixes."""
    return ()


@dataclass(frozen=True)
class CatalogueEntry:
    """What was seen, why it matters, how to fix it; `commands` makes the commands that fix it."""

    severity: Severity
    seen: str
    why: str
    fix: str
    commands: Callable[[], tuple[Command, ...]] = no_commands

    @property
    def facts(self) -> tuple[str, ...]:
        """The names of the facts that the words leave open."""
        parts = Formatter().parse(self.seen + self.why + self.fix)
        return tuple(dict.fromkeys(name for _, name, _, _ in parts if name))
