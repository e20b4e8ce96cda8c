"""THE TABLE: twelve steps in the order of the programme's guidance, and what is true of each.

No models, no database and no moves here; a new step is a new row in one of the files beside this one (and the pieces
that checks.py then demands).
"""

from collections.abc import Mapping

from onboarding.journey.definitions import (
    PRIMARY_ONLY,
    Actor,
    Download,
    Stage,
    State,
    Step,
    StepSlug,
    Wait,
    Witness,
)
from onboarding.journey.steps import bundle, vetting

__all__ = [
    "BY_SLUG",
    "ORDER",
    "PRIMARY_ONLY",
    "STEPS",
    "Actor",
    "Stage",
    "State",
    "Step",
    "StepSlug",
    "Wait",
    "Witness",
    "find_step_with_input",
    "get_definition",
    "list_dependants",
    "list_ready",
    "list_stage",
    "list_unlocked_by",
]

STEPS: tuple[Step, ...] = (*vetting.STEPS, *bundle.STEPS)

BY_SLUG: dict[str, Step] = {definition.slug: definition for definition in STEPS}
ORDER: dict[str, int] = {definition.slug: place for place, definition in enumerate(STEPS)}


def get_definition(slug: str) -> Step:
    """The row of this slug. Raises KeyError."""
    return BY_SLUG[slug]


def find_step_with_input(download: Download) -> Step:
    """The last row that needs this; checks.py sees to it that there is one."""
    return [definition for definition in STEPS if download in definition.inputs][-1]


def list_unlocked_by(slug: str) -> tuple[Step, ...]:
    """The rows that need this one."""
    return tuple(definition for definition in STEPS if slug in definition.needs)


def list_dependants(slug: str) -> tuple[Step, ...]:
    """Every row that rests on this one, near or far, in order."""
    resting = {slug}
    for definition in STEPS:
        if resting.intersection(definition.needs):
            resting.add(definition.slug)
    return tuple(definition for definition in STEPS if definition.slug in resting and definition.slug != slug)


def list_ready(states: Mapping[str, str]) -> list[str]:
    """The slugs of the steps that are locked although what they need is done, in order; `states` are by slug."""
    done = {slug for slug, state in states.items() if state == State.DONE}
    return [
        each.slug for each in STEPS if states.get(each.slug) == State.LOCKED and done.issuperset(each.needs)
    ]


def list_stage(stage: Stage) -> tuple[Step, ...]:
    """The rows of a stage, in order."""
    return tuple(definition for definition in STEPS if definition.stage == stage)
