"""What a move answers when it is not made, and what a form's effect hands to a move that is.

The moves are in progress.py.
"""

from dataclasses import dataclass, field
from typing import Any

from onboarding.journey import guards
from onboarding.journey.models import StepRecord
from onboarding.people.decisions import StateConflict

ALREADY_OPEN = (
    "{company} already has an open onboarding in {environment}. Go on with that one, or withdraw it."
)


class AlreadyMoved(StateConflict):
    """Somebody or something moved the step after it was read. The sentence says who and when."""

    def __init__(self, record: StepRecord) -> None:
        super().__init__(f"“{record.definition.title}” {guards.describe_state(record)}.")
        self.record = record


@dataclass(frozen=True)
class SentForm:
    """The form's class by name, and its answers by field as they may be shown later (answer_models.GIVEN)."""

    form: str
    answers: dict[str, Any]


@dataclass(frozen=True)
class Submission:
    """What a form's effect answers: facts that prove the act, answers to keep, and whether a worker acts next.

    `answers` are what the step works with; `sent` is what people see of the form later.
    """

    facts: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    waits: bool = False
    sent: SentForm | None = None
