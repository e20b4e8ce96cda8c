"""Search and filters of a long list of tasks, as its address says them.

What is searched in is said by the lines themselves (task_lines.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from onboarding.dashboards.task_lines import Line
from onboarding.handover.models import Offer
from onboarding.journey.models import Onboarding
from onboarding.journey.steps import State
from onboarding.ui.formatting import state_text

LONGEST_TEXT = 100  # characters of a search

Choice = tuple[str, str]


@dataclass(frozen=True)
class TaskFilters:
    """Each word of `text` must be found; `environment` and `state` are values, or empty for all."""

    text: str = ""
    environment: str = ""
    state: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        """From an address; what this version does not know counts as all."""
        environment, state = query.get("environment", ""), query.get("state", "")
        return cls(
            query.get("q", "").strip()[:LONGEST_TEXT],
            environment if environment in set(Onboarding.Environment) else "",
            state if state in {*State, *Offer.Status} else "",
        )

    def __bool__(self) -> bool:
        return bool(self.text or self.environment or self.state)

    def match(self, line: Line) -> bool:
        """Whether a line is wanted."""
        if self.environment not in ("", line.environment) or self.state not in ("", line.state):
            return False
        words = self.text.casefold().split()
        return not words or all(map(line.list_words().__contains__, words))

    def list_choices(self, lines: Iterable[Line]) -> dict[str, list[Choice]]:
        """(value, label) of the environments and states that occur in a list, and of what is chosen."""
        environments, states = {self.environment}, {self.state}
        for line in lines:
            environments.add(line.environment)
            states.add(line.state)
        return {
            "environment": [each for each in Onboarding.Environment.choices if each[0] in environments],
            "state": [each for each in STATE_CHOICES if each[0] in states],
        }


STATE_CHOICES: list[Choice] = [
    *((str(state), state_text(state)) for state in State),
    *((status.value, str(status.label)) for status in Offer.Status),
]
