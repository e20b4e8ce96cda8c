"""Events as lines of the list, as rows of a CSV file and as JSON Lines; a secret is in none of them.

The files carry what proves an event: its chain, its number and both digests (audit/chain.py says how they are taken).
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from onboarding.audit.models import Event
from onboarding.dashboards.activity.access import read_codes, read_companies
from onboarding.dashboards.activity.filters import ORDER
from onboarding.journey.steps import BY_SLUG
from onboarding.journey.views.event_text import EventText, describe_event, describe_object, read_reasons
from onboarding.people.models import User
from onboarding.ui.csv_files import format_moment

PER_PAGE = 50
AT_ONCE = 1000  # events of a file that are read together
INSTALLATION = "This installation"
HEADINGS = (
    *("When", "Company", "Code", "Step", "Who", "What happened", "Details", "Event"),
    *("Chain", "Number in the chain", "Digest before", "Digest", "Format"),
)


@dataclass(frozen=True)
class EventLine:
    """One event: when, of which company and onboarding, who did what; `about` is whom it is about."""

    event: Event
    at: datetime
    company: str
    slug: str
    code: str
    url: str
    text: EventText
    about: str


@dataclass(frozen=True)
class EventPage:
    """Some lines; `mark` is empty at the end of the list."""

    lines: Sequence[EventLine]
    mark: str


def cut_page(user: User, found: QuerySet[Event], mark: str) -> EventPage:
    """One page, in four queries at most. Raises UnknownMark."""
    page = ORDER.cut(found, mark, PER_PAGE)
    return EventPage(build_lines(user, page.rows), page.mark)


def build_lines(user: User, events: Sequence[Event]) -> list[EventLine]:
    """The events in words, with their companies and codes."""
    companies = read_companies(user, {each.chain for each in events})
    codes, reasons = read_codes(user, events), read_reasons(list(events))
    lines = []
    for event in events:
        company = companies.get(event.chain)
        code = codes.get(event.onboarding_id, "") if event.onboarding_id else ""
        lines.append(
            EventLine(
                event,
                event.at,
                company.name if company else INSTALLATION,
                company.slug if company else "",
                code,
                _find_url(event, code),
                describe_event(event, reasons),
                describe_object(event),
            )
        )
    return lines


def _find_url(event: Event, code: str) -> str:
    if not code:
        return ""
    if event.step in BY_SLUG:
        return reverse("journey:step", args=[code, event.step])
    return reverse("journey:journey", args=[code])


def list_cells(user: User, found: QuerySet[Event]) -> Iterator[tuple[str, ...]]:
    """The rows of the CSV file, newest first, some at a time."""
    for some in ORDER.iterate(found, AT_ONCE):
        yield from map(_cells, build_lines(user, some))


def _cells(line: EventLine) -> tuple[str, ...]:
    event = line.event
    step = BY_SLUG[event.step].title if event.step in BY_SLUG else event.step
    happened = f"{line.text.line}: {line.about}" if line.about else line.text.line
    return (
        *(format_moment(line.at), line.company, line.code, step, event.actor_label, happened),
        *(line.text.details_line, event.name, event.chain, str(event.number)),
        *(event.previous, event.digest, str(event.format)),
    )


def list_json(found: QuerySet[Event]) -> Iterator[str]:
    """Each event whole, as one line of JSON, newest first: every field that its digest covers, and the digest."""
    for some in ORDER.iterate(found, AT_ONCE):
        for event in some:
            yield json.dumps(_as_json(event), ensure_ascii=False, separators=(",", ":")) + "\n"


def _as_json(event: Event) -> dict[str, Any]:
    return {
        "chain": event.chain,
        "number": event.number,
        "name": event.name,
        "at": event.at.isoformat(timespec="microseconds"),
        "actor_id": str(event.actor_id or ""),
        "actor_label": event.actor_label,
        "onboarding_id": str(event.onboarding_id or ""),
        "step": event.step,
        "data": event.data,
        "previous": event.previous,
        "digest": event.digest,
        "format": event.format,
    }
