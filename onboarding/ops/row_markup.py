"""The rows of the list of companies, drawn by functions: fifty of them are most of the page (docs/decisions/0013).

The table around them, its heads among it, is templates/ops/partials/rows.html; what a row holds is in company_list.py.
"""

from collections.abc import Iterable

from django.utils.html import format_html
from django.utils.safestring import SafeString

from onboarding.ops.company_list import Row
from onboarding.people.templatetags.telephones import telephone
from onboarding.ui.component_markup import NOTHING, draw_ago, draw_tag

_COMPANY = '<tr role="row"><th scope="row" role="rowheader"><a class="govuk-link" href="{}">{}</a>'
_CASE = '<br><a class="govuk-link govuk-!-font-weight-regular" href="{}">{}</a> {}'
_CELLS = (
    '</th><td role="cell" data-label="Status">{}</td><td role="cell" data-label="Step">{}</td>'
    '<td role="cell" data-label="Who has to act">{}</td><td role="cell" data-label="Whom to ring">{}{}</td>'
    '<td role="cell" data-label="Since">{}</td><td role="cell" data-label="Due">{}</td></tr>'
)


def draw_rows(rows: Iterable[Row]) -> SafeString:
    """All of them, in their order."""
    return SafeString("".join(map(_draw_row, rows)))


def _draw_row(row: Row) -> SafeString:
    case = (row.case_url, row.code, draw_tag(row.environment, "teal")) if row.code else ()
    return format_html(
        _COMPANY + (_CASE if case else "") + _CELLS,
        row.url,
        row.name,
        *case,
        draw_tag(row.status, row.colour),
        format_html("{}<br>{}", row.step or "-", row.reason) if row.reason else row.step or "-",
        row.actor or "Nobody",
        row.contact or "Nobody",
        telephone(row.contact) if row.contact else NOTHING,
        draw_ago(row.since) if row.since else NOTHING,
        draw_ago(row.due) if row.due else "-",
    )
