"""The list of clients as a CSV file, sent while it is written, and harmless in a spreadsheet.

Which rows it has is decided in client_list.py.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils import timezone

from onboarding.clients.client_list import Row
from onboarding.ui.formatting import state_text

HEADINGS = ("Company", "Code", "Environment", "Your steps", "Who has to act", "Since", "Access until")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Line:
    """A file for csv.writer that answers each line instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def stream_csv(rows: Iterable[Row]) -> Iterator[str]:
    """The lines of the file, with the mark by which a spreadsheet knows UTF-8."""
    writer = csv.writer(_Line(), lineterminator="\r\n")
    yield "\ufeff" + writer.writerow(HEADINGS)
    for row in rows:
        yield writer.writerow([defuse(each) for each in _cells(row)])


def defuse(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: OWASP's advice against CSV injection, an apostrophe first."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _cells(row: Row) -> tuple[str, ...]:
    steps = [f"{each.title}: {state_text(each.state)}" for each in row.steps] + [row.left_out] * bool(
        row.left_out
    )
    actor = f"{row.actor}. {row.waits}" if row.waits else row.actor
    return (
        row.company,
        row.code,
        row.environment,
        "; ".join(steps),
        actor,
        _moment(row.since),
        _moment(row.until),
    )


def _moment(moment: datetime | None) -> str:
    """As a spreadsheet reads it, in local time."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
