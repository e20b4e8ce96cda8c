"""The facts of a step as rows to read.

Facts never hold a secret; which facts a step has, and how each is read, stands in its definition (steps/).
"""

from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime

from onboarding.journey.definitions import FACTS_OF_ANY
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.problems import find_problem
from onboarding.journey.steps import BY_SLUG, STEPS, Witness

LABELS = {fact.name: fact.label for definition in STEPS for fact in (*definition.facts, *FACTS_OF_ANY)}
"""How each fact is read, whichever step has it; checks.py sees to it that one name has one label."""

WITNESS = {
    Witness.ATLAS: "Atlas itself",
    Witness.PORTAL: "this portal",
    Witness.PERSON: "a person",
    Witness.CARRIED_OVER: "an earlier onboarding",
    Witness.BEFORE: "a person, of what was done before this portal",
}
EVENT_LABELS = {
    "witness": "Seen by",
    "reason": "Reason",
    "code": "Problem",
    "detail": "What was seen",
    "set_aside": "Not taken, in Atlas",
    "by_step": "Asked for in",
    "former": "Held before by",
    "before": "Before",
    "days": "Days",
    "from": "From",
    "deputy": "Deputy",
    "file": "File",
    "seen_on": "Seen on",
    "environment": "Environment",
    "what": "What",
    "role": "Role",
    "to": "Whom",
    "reminded": "Sent to",
    "times_before": "Times before",
    "times_now": "Times from now on",
    "rung": "Rung",
    "result": "What came of it",
    "steps": "Steps",
    "until": "Until",
    "system": "System",
    "count": "How many",
    "destroy_secrets_at": "Secrets are destroyed on",
}


CHANGE_LABELS = {"name": "Registered name", "number": "Company number", "country": "Country"}
"""Of what was corrected: an event gives what it was and what it is now."""


def list_event_data(data: dict[str, Any]) -> list[dict[str, str]]:
    """What an event tells, as rows to read; rows' own ids are left out."""
    rows = []
    for name, value in data.items():
        label = _find_label(name, value)
        if label and value not in (None, ""):
            rows.append({"key": label, "value": _format_event_value(name, value)})
    return rows


def _find_label(name: str, value: object) -> str:
    if isinstance(value, dict):
        return CHANGE_LABELS.get(name, "")
    return EVENT_LABELS.get(name) or LABELS.get(name, "")


def _format_event_value(name: str, value: object) -> str:
    if name == "witness":
        return {str(each): words for each, words in WITNESS.items()}.get(str(value), str(value))
    if name == "code" and (known := find_problem(str(value))):
        return known.title
    if name == "environment":
        return str(Onboarding.Environment(str(value)).label)
    if name == "by_step" and value in BY_SLUG:
        return BY_SLUG[str(value)].title
    if name == "set_aside" and isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return f"{value.get('before') or 'nothing'}, now {value.get('now') or 'nothing'}"
    return format_value(value)


def list_facts(record: StepRecord) -> list[dict[str, str]]:
    """(key, value) rows in the order of the step's definition."""
    return [
        {"key": fact.label, "value": format_value(record.facts[fact.name])}
        for fact in (*record.definition.facts, *FACTS_OF_ANY)
        if fact.label and record.facts.get(fact.name) not in (None, "")
    ]


def format_value(value: object) -> str:
    """A fact as words: ISO moments and dates become dates of this country, in local time."""
    if value is True:
        return "Yes"
    if value is False:
        return "No"
    text = str(value)
    try:
        moment = parse_datetime(text)
        day = parse_date(text)
    except ValueError:
        return text
    if isinstance(moment, datetime) and moment.tzinfo and len(text) > 10:
        return date_format(localtime(moment), "DATETIME_FORMAT")
    return date_format(day, "DATE_FORMAT") if day else text
