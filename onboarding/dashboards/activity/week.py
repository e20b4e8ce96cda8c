"""A week on one page: how often what happened, and the events that ops ask about, newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from certs import clock
from onboarding.audit.event_names import SENTENCES, EventName
from onboarding.audit.models import Event
from onboarding.dashboards.activity.access import list_events
from onboarding.dashboards.activity.event_lines import EventLine, build_lines
from onboarding.dashboards.activity.filters import EARLIEST, start_of
from onboarding.dashboards.activity.kinds import GROUPS, NAMES
from onboarding.people.models import User

MOST = 20  # events of each section; the rest are in the list
SECTIONS: tuple[tuple[str, EventName], ...] = (
    ("Completed", EventName.ONBOARDING_COMPLETED),
    ("Problems", EventName.STEP_PROBLEM),
    ("Started", EventName.ONBOARDING_STARTED),
    ("Withdrawn", EventName.ONBOARDING_WITHDRAWN),
)


@dataclass(frozen=True)
class EventCount:
    """How often one thing happened, and where these events are."""

    words: str
    number: int
    url: str


@dataclass(frozen=True)
class Section:
    """Events of one kind: the newest, and where all of them are."""

    title: str
    lines: Sequence[EventLine]
    count: int
    url: str


@dataclass(frozen=True)
class WeekPage:
    """Monday and Sunday, what was counted by group, the sections, and the Mondays before and after."""

    monday: date
    sunday: date
    total: int
    counts: list[tuple[str, list[EventCount]]]
    sections: list[Section]
    before: date | None
    after: date | None


def find_last_monday() -> date:
    """The Monday of the last week that is over."""
    today = clock.today()
    return today - timedelta(days=today.weekday() + 7)


def read_monday(text: str) -> date | None:
    """The Monday of the week of a day in an address; None for what is no day on which anything can have happened."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day - timedelta(days=day.weekday()) if EARLIEST <= day <= clock.today() else None


def build_week(user: User, monday: date) -> WeekPage:
    """The whole page, in nine queries at most."""
    sunday, following = monday + timedelta(days=6), monday + timedelta(days=7)
    within = list_events(user).filter(at__gte=start_of(monday), at__lt=start_of(following))
    counted = dict(within.order_by().values_list("name").annotate(Count("pk")))
    newest: list[Event] = []
    for _, name in SECTIONS:
        newest += within.filter(name=name).order_by("-at", "-pk")[:MOST] if counted.get(name) else ()
    lines = build_lines(user, newest)
    return WeekPage(
        monday,
        sunday,
        sum(counted.values()),
        _list_counts(counted, monday, sunday),
        [
            Section(
                title,
                [each for each in lines if each.event.name == name],
                counted.get(name, 0),
                _make_url(name, monday, sunday),
            )
            for title, name in SECTIONS
        ],
        monday - timedelta(days=7) if _has_earlier(user, monday) else None,
        following if following <= clock.today() else None,
    )


def _has_earlier(user: User, monday: date) -> bool:
    return list_events(user).filter(at__lt=start_of(monday)).exists()


def _list_counts(
    counted: Mapping[str, int], monday: date, sunday: date
) -> list[tuple[str, list[EventCount]]]:
    """By group, and in it what happened most often first; what did not happen is left out."""
    groups = []
    for group in GROUPS:
        names = sorted(NAMES[group.key], key=lambda name: -counted.get(name, 0))
        rows = [
            EventCount(SENTENCES[name], counted[name], _make_url(name, monday, sunday))
            for name in names
            if counted.get(name)
        ]
        if rows:
            groups.append((group.label, rows))
    return groups


def _make_url(name: EventName, monday: date, sunday: date) -> str:
    days = {"first": f"{monday:%Y-%m-%d}", "last": f"{min(sunday, clock.today()):%Y-%m-%d}"}
    return f"{reverse('dashboards:activity')}?{urlencode({'kind': str(name), **days})}"
