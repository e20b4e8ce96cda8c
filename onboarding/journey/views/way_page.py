"""The ways of a step as its page shows them: the choice, or the one that was chosen with its text and commands.

Which ways there are is decided in way_conditions.py; what a person chose is remembered in way_memory.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.urls import reverse

from onboarding.journey.access import LetIn
from onboarding.journey.forms.ways import find_way
from onboarding.journey.step_commands import pick_commands
from onboarding.journey.way_conditions import Circumstances
from onboarding.journey.ways import Way
from onboarding.ui.operating_systems import System

AT_FIRST = 4  # ways that the choice shows; the others are folded


@dataclass(frozen=True)
class Wanted:
    """What a person asks for: the way of the address, or the list of all; else what was `remembered`, by its name."""

    way: Way | None = None
    lists: bool = False
    remembered: str = ""
    system: System = System.POWERSHELL


class OfferedWay(NamedTuple):
    """One line of the choice; `reason` only where the way is recommended."""

    way: Way
    url: str
    reason: str


class SystemTab(NamedTuple):
    """A link to the commands for another system."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class WayPanel:
    """What the page shows of the ways. Without `chosen` it shows the choice, at first `choices` and folded `more`.

    `closed` says why the way that was asked for is not there.
    """

    choices: Sequence[OfferedWay]
    more: Sequence[OfferedWay]
    chosen: Way | None
    list_url: str
    system: System
    tabs: Sequence[SystemTab]
    commands: dict[str, Any]
    git_bash: dict[str, Any]
    closed: str
    let_in: Sequence[LetIn]
    may_hand_over: bool

    @property
    def needs_browser_key(self) -> bool:
        """Whether the page has the panel of the key in this browser."""
        return self.chosen is not None and self.chosen.in_browser

    @property
    def has_form(self) -> bool:
        """Whether something is sent here."""
        return self.chosen is not None and bool(self.chosen.sends)


def find_chosen(case: Circumstances, wanted: Wanted, kept: Any, earlier: Sequence[Any]) -> Way | None:
    """The way of the address; else of what was `kept` of a form, then as remembered, then of `earlier` answers."""
    ways = case.list_ways()
    if wanted.lists or wanted.way:
        return wanted.way if wanted.way in ways else None
    remembered = [way for way in ways if way.name == wanted.remembered]
    found = [find_way(ways, kept), *remembered, *(find_way(ways, answers) for answers in earlier)]
    return next(filter(None, found), None)


def build_way_panel(
    case: Circumstances, chosen: Way | None, wanted: Wanted, commands: dict[str, Any]
) -> WayPanel:
    """The panel; the recommended way is the first of the choice."""
    where = [case.record.onboarding.code, case.record.slug]
    address = reverse("journey:way", args=[*where, chosen.name]) if chosen else ""
    recommended, system = case.find_recommended(), wanted.system
    ways = sorted(case.list_ways(), key=lambda way: way is not recommended)
    offered = [
        OfferedWay(
            way,
            reverse("journey:way", args=[*where, way.name]),
            case.explain(way) if way is recommended else "",
        )
        for way in ways
    ]
    return WayPanel(
        choices=offered[:AT_FIRST],
        more=offered[AT_FIRST:],
        chosen=chosen,
        list_url=reverse("journey:ways", args=where),
        system=system,
        tabs=[SystemTab(each.label, f"{address}?system={each}#your-part", each is system) for each in System],
        commands=pick_commands(commands, system),
        git_bash=pick_commands(commands, None) if system.is_windows else {},
        closed=wanted.way.closed if wanted.way and not chosen else "",
        let_in=case.let_in,
        may_hand_over=case.may_hand_over,
    )
