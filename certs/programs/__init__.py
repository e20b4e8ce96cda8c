"""Which program takes which file of our private key and certificate: one table, for the help, the tests and the docs.

docs/readers.md is made of it (`python -m tests.certs.readers`); the tests there run the lines.
"""

from certs.programs import command_line, languages, systems
from certs.programs.shape import Program, ProgramFile

__all__ = ["GROUPS", "PROGRAMS", "Program", "ProgramFile", "find_program"]

GROUPS: tuple[tuple[str, tuple[Program, ...]], ...] = (
    ("Java", languages.JAVA),
    (".NET", languages.DOTNET),
    ("JavaScript", languages.JAVASCRIPT),
    ("Python", languages.PYTHON),
    ("Other languages", languages.OTHER_LANGUAGES),
    ("curl and wget", command_line.CURL),
    ("Servers and proxies", command_line.SERVERS),
    ("Tools for keys and certificates", command_line.TOOLS),
    ("Windows", systems.WINDOWS),
    ("macOS", systems.MACOS),
    ("Azure", systems.CLOUD),
)
PROGRAMS = tuple(program for _, programs in GROUPS for program in programs)


def find_program(wanted: str) -> Program | None:
    """The program of this id."""
    return next((each for each in PROGRAMS if each.id == wanted), None)
