"""The list of clients as a CSV file, sent while it is written, and harmless in a spreadsheet.

Which rows it has is decided in client_list.py.
"""

from collections.abc import Iterable, Iterator

from onboarding.clients.client_list import Row
from onboarding.ui.csv_files import format_moment, stream_lines
from onboarding.ui.formatting import state_text

HEADINGS = ("Company", "Code", "Environment", "Your steps", "Who has to act", "Since", "Access until")


def stream_csv(rows: Iterable[Row]) -> Iterator[str]:
    """The lines of the file, with the mark by which a spreadsheet knows UTF-8."""
    yield from stream_lines(HEADINGS, map(_cells, rows))


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
        format_moment(row.since),
        format_moment(row.until),
    )
