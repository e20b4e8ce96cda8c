"""What is under way, counted by stage, by who acts and by age; how many were completed, week by week.

Rows are never fetched here: the numbers come from one index (onboardings_under_way).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone

from certs import clock
from onboarding.audit.event_names import EventName
from onboarding.dashboards.board.access import count_completed, list_under_way
from onboarding.dashboards.board.links import link_to_companies
from onboarding.dashboards.board.stuck import STUCK
from onboarding.journey.actor_groups import ACTOR_GROUPS
from onboarding.journey.querysets import is_stuck
from onboarding.journey.steps import BY_SLUG, Actor, Stage, State
from onboarding.people.models import User

WEEKS = 8  # that the board counts back, this one included

# As the addresses of the list of companies name them: whose task it is, and the days at the same step.
ACTORS: dict[str, tuple[str, str, tuple[Actor, ...]]] = {
    "companies": ("The companies", "with the companies", ACTOR_GROUPS["companies"]),
    "globalsign": ("GlobalSign or Atlas", "with GlobalSign or Atlas", ACTOR_GROUPS["globalsign"]),
    "us": ("Us", "with us", ACTOR_GROUPS["us"]),
}
AGES: dict[str, tuple[str, int, int | None]] = {
    "0-7": ("Less than 7 days", 0, 7),
    "7-14": ("7 to 14 days", 7, 14),
    "14-35": ("14 to 35 days", 14, 35),
    "35": ("35 days and more", 35, None),
}


def is_aged(age: str, now: datetime) -> Q:
    """Onboardings that have stood where they stand for so many days, from the first number to just under the second."""
    _, least, most = AGES[age]
    within = Q(since__lte=now - timedelta(days=least))
    return within & Q(since__gt=now - timedelta(days=most)) if most else within


@dataclass(frozen=True)
class Cell:
    """A number and where it leads; `url` is empty where nothing was counted."""

    number: int
    label: str
    url: str


@dataclass(frozen=True)
class StageRow:
    """One stage: how many stand in it, by who has to act, how many are stuck, and since when the oldest stands."""

    total: Cell
    by_actor: list[Cell]
    stuck: Cell
    oldest: datetime | None


@dataclass(frozen=True)
class UnderWay:
    """Everything that is counted of the onboardings under way. `damaged` of them cannot be shown anywhere."""

    total: int
    stuck: int
    figures: list[dict[str, Any]]
    stages: list[StageRow]
    ages: list[Cell]
    damaged: int


Group = Mapping[str, Any]


def count_under_way(user: User) -> UnderWay:
    """All of it, in one query."""
    now = clock.now()
    counts = {_column(age): Count("current_step", filter=is_aged(age, now)) for age in AGES}
    groups: list[Group] = list(
        list_under_way(user)
        .order_by()
        .values("current_step", "next_actor", "current_state")
        .annotate(
            count=Count("*"),
            stuck=Count("current_step", filter=is_stuck(now)),
            nowhere=Count("current_step", filter=Q(since=None)),
            oldest=Min("since"),
            **counts,
        )
    )
    readable = [each for each in groups if _is_readable(each)]
    return UnderWay(
        total=_sum(readable),
        stuck=_sum(readable, "stuck"),
        figures=_list_figures(readable),
        stages=[_build_stage(stage, readable) for stage in Stage],
        ages=[_cell(_sum(readable, _column(age)), AGES[age][0], age=age) for age in AGES],
        damaged=_sum(groups) - _sum(readable) + _sum(readable, "nowhere"),
    )


def _column(age: str) -> str:
    return f"age_{age.replace('-', '_')}"


def _is_readable(group: Group) -> bool:
    return (
        group["current_step"] in BY_SLUG
        and group["next_actor"] in set(Actor)
        and group["current_state"] in set(State)
    )


def _sum(groups: Iterable[Group], what: str = "count") -> int:
    return sum(each[what] for each in groups)


def _cell(number: int, label: str, **filters: str) -> Cell:
    return Cell(number, label, link_to_companies(**filters) if number else "")


def _list_figures(groups: list[Group]) -> list[dict[str, Any]]:
    """The first line: how many are with whom, and how many are stuck."""
    rows: list[dict[str, Any]] = [
        {
            "number": _sum(_of_actor(groups, name)),
            "label": words,
            "url": link_to_companies(actor=name),
        }
        for name, (_, words, _) in ACTORS.items()
    ]
    stuck = {
        "number": _sum(groups, "stuck"),
        "label": "stuck or late",
        "url": link_to_companies(state=STUCK),
        "state": State.PROBLEM,
    }
    return [*rows, stuck]


def _of_actor(groups: Iterable[Group], name: str) -> list[Group]:
    return [each for each in groups if each["next_actor"] in ACTORS[name][2]]


def _build_stage(stage: Stage, groups: list[Group]) -> StageRow:
    mine = [each for each in groups if BY_SLUG[each["current_step"]].stage == stage]
    return StageRow(
        total=_cell(_sum(mine), stage.value, stage=stage),
        by_actor=[
            _cell(_sum(_of_actor(mine, name)), words, stage=stage, actor=name)
            for name, (words, _, _) in ACTORS.items()
        ],
        stuck=_cell(_sum(mine, "stuck"), "Stuck or late", stage=stage, state=STUCK),
        oldest=min((each["oldest"] for each in mine if each["oldest"]), default=None),
    )


@dataclass(frozen=True)
class Week:
    """How many were completed in the week that begins on this Monday; `width` is of 1000, for the picture."""

    monday: datetime
    number: int
    width: int
    url: str


def count_weeks(user: User) -> list[Week]:
    """The last weeks, this one first, those in which nothing ended too."""
    today = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    this = today - timedelta(days=today.weekday())
    mondays = [_at_midnight(this, -7 * number) for number in range(WEEKS)]
    counted = count_completed(user, mondays[-1])
    most = max(counted.values(), default=0) or 1
    return [
        Week(each, number, 1000 * number // most, _week_url(each) if number else "")
        for each, number in ((each, counted.get(each, 0)) for each in mondays)
    ]


def _at_midnight(day: datetime, days: int) -> datetime:
    """So many days from `day`, at midnight of the clock on the wall: a week with a change of clocks has 167 hours."""
    return timezone.make_aware(day.replace(tzinfo=None) + timedelta(days=days))


def _week_url(monday: datetime) -> str:
    sunday = min(_at_midnight(monday, 6).date(), clock.today())
    days = {"first": f"{monday:%Y-%m-%d}", "last": f"{sunday:%Y-%m-%d}"}
    query = urlencode({"kind": EventName.ONBOARDING_COMPLETED, **days})
    return f"{reverse('dashboards:activity')}?{query}"
