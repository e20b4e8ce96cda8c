"""An event as one line of words, with what else it tells as rows to read.

Which sentence an event becomes is in audit/event_names.py, how a fact is read in fact_labels.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from onboarding.audit.event_names import SENTENCES, EventName
from onboarding.audit.models import Event
from onboarding.journey.sending import get_reasons
from onboarding.journey.steps import BY_SLUG
from onboarding.journey.views.fact_labels import list_event_data

OBJECTS = (
    "to",
    "role",
    "deputy",
)  # of what happens to people: whom or what it is about, said in the line itself


@dataclass(frozen=True)
class EventText:
    """`line`: who did what; `details`: (key, value) rows, none of them a secret."""

    line: str
    details: list[dict[str, str]]

    @property
    def details_line(self) -> str:
        """The same rows in one line."""
        return "; ".join(f"{row['key']}: {row['value']}" for row in self.details)


def describe_event(event: Event, reasons: Mapping[int, str]) -> EventText:
    """`reasons` are those that are kept beside the trail (read_reasons), by what the event has under `sending`."""
    data = {**event.data, "reason": event.data.get("reason") or reasons.get(event.data.get("sending", 0))}
    title = f"{BY_SLUG[event.step].title}: " if event.step in BY_SLUG else ""
    happened = SENTENCES[EventName(event.name)] if event.name in set(EventName) else "did something else"
    return EventText(f"{title}{get_actor_name(event)} {happened}", list_event_data(data))


def describe_for_timeline(event: Event, reasons: Mapping[int, str]) -> dict[str, Any]:
    """The same as the component `timeline` shows it: `title`, `at` (UTC), `text`."""
    text = describe_event(event, reasons)
    return {"title": text.line, "at": event.at, "text": text.details_line}


def describe_object(event: Event) -> str:
    """Whom or what a line about people is about: “Tom Test <tom@one.example>, Technician”; empty for others."""
    if event.step:
        return ""
    said = [str(event.data[name]) for name in OBJECTS if event.data.get(name)]
    return ", ".join(said)


def get_actor_name(event: Event) -> str:
    """Who did it, without the address."""
    return event.actor_label.split(" <")[0]


def read_reasons(events: list[Event]) -> dict[int, str]:
    """The reasons of these events that are kept beside the trail: one query, none where no event has one."""
    sendings: list[Any] = [each.data.get("sending") for each in events if each.name == EventName.STEP_RESENT]
    return get_reasons(iter(sendings)) if sendings else {}
