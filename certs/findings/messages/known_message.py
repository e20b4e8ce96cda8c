"""KnownMessage: one row of the tables beside this file."""

from dataclasses import dataclass

from certs.findings.codes import FindingCode

REGEX = "~"  # a piece that begins so is an expression for the text without blanks
RAW = "~~"  # the same for the text as it stands, in small letters


@dataclass(frozen=True)
class KnownMessage:
    """A finding's code, and the pieces of text that must all be there, in small letters.

    Blanks and line ends count in neither: consoles break lines in the middle of words. A piece may list several
    wordings with | between them. `unless`: another message says it better when one of these is there too. `versions`
    are those of `program` that say it so ("all": as far back as people still have it); `source` is where the words
    stand: a file of the program's public source, "seen" for what was printed by the program itself, "report" for
    several public reports, "not checked" for words that were found in neither.
    """

    code: FindingCode
    program: str
    versions: str
    source: str
    pieces: tuple[str, ...]
    unless: tuple[str, ...] = ()
