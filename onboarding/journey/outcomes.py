"""What a poll answers.

Applying an outcome to a step is progress.settle's business.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from onboarding.journey.problems.codes import ProblemCode


@dataclass(frozen=True)
class Done:
    """The wait is over. `facts` prove it (plain JSON; dates as ISO 8601 UTC; no secret)."""

    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class NotYet:
    """Nothing new. `poll_again_in` None lets the back-off decide; `because` is a sentence for ops."""

    poll_again_in: timedelta | None = None
    because: str = ""


@dataclass(frozen=True)
class Failed:
    """It went wrong: which problem it is, and what was seen."""

    code: ProblemCode
    detail: str = ""


Outcome = Done | NotYet | Failed
