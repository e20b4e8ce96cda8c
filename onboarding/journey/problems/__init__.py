"""Every problem of the journey by its code: title, what happened, what to do, whose move.

Which problem a step has is written by progress.py; what is wrong with a file is certs/doctor's business.
"""

from onboarding.journey.problems import atlas, bundle, certificate, credentials, key_vault, portal, vetting
from onboarding.journey.problems.codes import ProblemCode
from onboarding.journey.problems.shape import ProblemDefinition

__all__ = ["PROBLEMS", "ProblemCode", "ProblemDefinition", "find_problem", "get_title", "list_problems"]

PROBLEMS: dict[ProblemCode, ProblemDefinition] = {
    each.code: each
    for each in (
        *vetting.PROBLEMS,
        *credentials.PROBLEMS,
        *key_vault.PROBLEMS,
        *certificate.PROBLEMS,
        *bundle.PROBLEMS,
        *atlas.PROBLEMS,
        *portal.PROBLEMS,
    )
}


def find_problem(code: str) -> ProblemDefinition | None:
    """The problem of a code that was stored or typed; None for one that this version does not know."""
    return PROBLEMS[ProblemCode(code)] if code in PROBLEMS else None


def get_title(code: str) -> str:
    """A problem's title, also of a code that this version does not know."""
    known = find_problem(code)
    return known.title if known else "There is a problem that this version of the portal does not know"


def list_problems(slug: str) -> tuple[ProblemDefinition, ...]:
    """The problems that can occur in this step, in the order of the catalogue."""
    return tuple(each for each in PROBLEMS.values() if slug in each.steps)
