"""The kinds of events that a filter knows: whole groups, and each event by its sentence."""

from typing import NamedTuple

from onboarding.audit.event_names import SENTENCES, EventName


class Group(NamedTuple):
    """A group of events: its name in an address, its words, and how the names of its events begin."""

    key: str
    label: str
    prefixes: tuple[str, ...]


GROUPS = (
    Group("onboardings", "Onboardings", ("onboarding:",)),
    Group("steps", "Steps", ("step:state:", "step:holder:")),
    Group("questions", "Questions", ("step:question:",)),
    Group("evidence", "Evidence", ("step:evidence:",)),
    Group("handovers", "Handing over", ("handover:",)),
    Group("secrets", "Secrets", ("secret:",)),
    Group(
        "people",
        "People: invitations, roles, absences, reviews",
        (
            *("company:role:", "company:member:", "company:invitation:", "company:emergency:"),
            *("company:primary:", "company:absence:", "company:review:", "person:"),
        ),
    ),
    Group("companies", "Companies", ("company:",)),  # whatever of them is not about people
)
BY_KEY = {group.key: group for group in GROUPS}


def find_group(name: EventName) -> Group:
    """The first group to which an event belongs."""
    return next(group for group in GROUPS if name.startswith(group.prefixes))


NAMES: dict[str, list[EventName]] = {
    group.key: [name for name in EventName if find_group(name) is group] for group in GROUPS
}
CHOICES = [
    ("", "Everything"),
    ("Groups", [(group.key, group.label) for group in GROUPS]),
    *(
        (group.label, [(str(name), f"Somebody {SENTENCES[name]}") for name in NAMES[group.key]])
        for group in GROUPS
    ),
]


def list_names(kind: str) -> list[EventName]:
    """The events of a group, or the one event. Raises ValueError for what is neither."""
    return NAMES[kind] if kind in NAMES else [EventName(kind)]
