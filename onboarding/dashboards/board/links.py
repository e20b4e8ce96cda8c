"""Where a number of the board leads, and what the lists beside it share: their addresses and their files."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from django import forms
from django.http import StreamingHttpResponse
from django.urls import reverse

from onboarding.audit.security_log import Outcome, SecurityEvent, log_event


def link_to_companies(**filters: str) -> str:
    """The address of the list with these filters; those that are empty narrow nothing."""
    query = urlencode({name: value for name, value in filters.items() if value})
    return f"{reverse('ops:companies')}?{query}"


class Refused(Exception):
    """The address asks for what is no choice; its form says why."""


def keep_query(query: Mapping[str, str], form: forms.Form) -> str:
    """What the form narrows by, as the part of an address after its `?`: for the next page, and for the file."""
    return urlencode({name: query[name] for name in form.fields if query.get(name)})


def send_lines(lines: Iterable[str], name: str, kind: str = "text/csv") -> StreamingHttpResponse:
    """Lines as a file to be saved, sent while they are written; that they were fetched is told the security log."""
    log_event(SecurityEvent.LIST_EXPORTED, Outcome.SUCCESS, detail=name.partition(".")[0])
    answer = StreamingHttpResponse(lines, content_type=f"{kind}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
