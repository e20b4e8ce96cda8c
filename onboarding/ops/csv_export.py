"""The list of companies as a CSV file, sent while it is read.

Which rows it has is decided by the filters in its address.
"""

from collections.abc import Iterator

from onboarding.ops.company_list import Row, read_all
from onboarding.ops.filters import Chosen
from onboarding.ui.csv_files import format_moment, stream_lines

HEADINGS = (
    *("Company", "Company number", "Code", "Environment", "Status", "Stage", "Step", "Problem"),
    *("Who has to act", "Whom to ring", "Email", "Telephone", "Since", "Due", "Company added"),
)


def stream_csv(chosen: Chosen) -> Iterator[str]:
    """The lines of the file."""
    return stream_lines(HEADINGS, map(_cells, read_all(chosen)))


def _cells(row: Row) -> tuple[str, ...]:
    contact = row.contact
    return (
        *(row.name, row.number, row.code, row.environment, row.status, row.stage, row.step),
        *(row.reason, row.actor),
        *(
            (contact.name, contact.email, contact.telephone or contact.direct_line)
            if contact
            else ("", "", "")
        ),
        *(format_moment(each) for each in (row.since, row.due, row.added)),
    )
