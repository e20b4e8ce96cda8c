"""CSV files that are sent while they are written, and harmless in a spreadsheet.

Which rows and columns a file has is for the room that sends it.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.utils import timezone

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


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
    """A cell that no spreadsheet takes for a formula: OWASP's advice against CSV injection, an apostrophe first."""
    return f"'{text}" if text.startswith(FORMULA) else text


def format_moment(moment: datetime | None) -> str:
    """As a spreadsheet reads it, in local time."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
