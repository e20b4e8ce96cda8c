"""CSV files that are sent while they are written, and harmless in a spreadsheet.

Which rows and columns a file has is for the room that sends it.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.utils import timezone

FIRST = ("\t", "\r", "\n")  # with which no cell begins
# Where a cell begins for a program that takes another separator, or does not see the quotes around the whole cell.
SEPARATORS = frozenset(";\t\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029")
# Separators, and what a spreadsheet leaves out before it looks for a sign: white space, quotes, letters of no width.
_BLANKS = r'[;\s"\0\u200b-\u200f\u2060\ufeff]'
_BEFORE_SIGN = re.compile(
    rf"(?<!{_BLANKS}){_BLANKS}*+(?=[-=+@\uff0d\uff1d\uff0b\uff20])"
)  # also of full width


class _Line:
    """A file for csv.writer that answers each line instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def stream_lines(headings: Sequence[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """The lines of a file, with the mark by which a spreadsheet knows UTF-8; lines end as RFC 4180 has it."""
    writer = csv.writer(_Line(), lineterminator="\r\n")
    yield "\ufeff" + writer.writerow(headings)
    for cells in rows:
        yield writer.writerow([defuse(each) for each in cells])


def defuse(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe stands before a sign with which one may begin.

    OWASP's advice against CSV injection (https://owasp.org/www-community/attacks/CSV_Injection), which is not about the
    first letter alone: with another separator a cell begins in the middle of the text, behind it or a line end.
    """
    marked = _BEFORE_SIGN.sub(_mark, text)
    return f"'{marked}" if marked.startswith(FIRST) else marked


def _mark(found: re.Match[str]) -> str:
    begins = found.start() == 0 or not SEPARATORS.isdisjoint(found[0])
    return f"{found[0]}'" if begins else found[0]


def format_moment(moment: datetime | None) -> str:
    """As a spreadsheet reads it, in local time."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
