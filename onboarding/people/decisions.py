"""A decision (may this person do this now?) and the two refusals in which a "no" ends a request.

The lowest room in which anything is decided about a person, so every room that decides can reach it. What is decided
stands in journey/guards.py and in the rules of each room; journey/middleware.py makes the page of a refusal.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from django.core.exceptions import PermissionDenied


class Reason(StrEnum):
    """Why not: it is not for this person (403), or not as things stand (409)."""

    PERMISSION = "permission"
    STATE = "state"


@dataclass(frozen=True)
class Decision:
    """Truthy when allowed; otherwise `sentence`, fit for a page, says why not, and `reason` of which kind that is."""

    sentence: str = ""
    reason: Reason | None = None

    @classmethod
    def refuse(cls, sentence: str, reason: Reason) -> Self:
        """The decision not to allow it."""
        return cls(sentence, reason)

    def __bool__(self) -> bool:
        return self.reason is None


ALLOWED = Decision()


class RequestRefused(Exception):
    """What was asked for is not done, and nothing was changed: becomes a page with this sentence and this status.

    Raised as one of the two below; caught as this where both are told in the same way.
    """

    status: int

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class PermissionRefused(RequestRefused, PermissionDenied):
    """The person is known here, and this is not for them: 403. Strangers get Http404 instead."""

    status = 403


class StateConflict(RequestRefused):
    """It is for this person, but not as things stand: 409."""

    status = 409


def require(decision: Decision) -> None:
    """Go on when it is allowed. Raises PermissionRefused or StateConflict with the decision's sentence."""
    if decision:
        return
    refusal = PermissionRefused if decision.reason == Reason.PERMISSION else StateConflict
    raise refusal(decision.sentence)
