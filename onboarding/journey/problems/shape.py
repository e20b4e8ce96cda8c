"""The shape of a problem: what a page, a letter and the board need to know of it.

The problems themselves are in the files beside this one.
"""

from dataclasses import dataclass

from onboarding.journey.definitions import Actor, StepSlug
from onboarding.journey.problems.codes import ProblemCode


@dataclass(frozen=True)
class ProblemDefinition:
    """One thing that can go wrong, in words for the person it happens to.

    `why` says why it matters. `next_actor` is who has to act.
    `steps` are the steps where it can occur; `back_to` is the step to be done again, None when
    it is enough to open the same step again; `goes_back_first`: that is the first thing to do, not the last.
    `messages` are exact words of tools and pages, so that a search for them finds the problem.
    `found_in_atlas`: a person says whether what Atlas shows is what was sent, and either
    goes on with it or has it sent again.
    """

    code: ProblemCode
    title: str
    what_happened: str
    why: str
    what_to_do: tuple[str, ...]
    next_actor: Actor
    steps: tuple[StepSlug, ...]
    back_to: StepSlug | None = None
    goes_back_first: bool = False
    messages: tuple[str, ...] = ()
    found_in_atlas: bool = False
