"""What the board needs for speed, derived from the step records: current step, state, whose move, since, due.

Written only by progress.py, in the transaction of the move; `manage.py check_projection` proves that it is true.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from certs.rows import update_row
from onboarding.journey import damage
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.problems import find_problem
from onboarding.journey.steps import ORDER, Actor, State

STATUS = (
    "status",
    "ended_at",
    "destroy_secrets_at",
    "deadlines_paused_at",
)  # changed by progress.py, and written with the projection
WRITTEN = ("current_step", "current_state", "next_actor", "since", "due_at", *STATUS)


@dataclass(frozen=True)
class Projection:
    """The five columns of the onboarding row."""

    current_step: str
    current_state: str
    next_actor: str
    since: datetime | None
    due_at: datetime | None


def get_next_actor(record: StepRecord) -> Actor:
    """Who has to act on this step."""
    match record.state:
        case State.OPEN:
            return Actor.COMPANY
        case State.WAITING:
            return record.wait.on if record.wait else Actor.PORTAL
        case State.PROBLEM:
            problem = find_problem(record.problem_code)
            return problem.next_actor if problem else Actor.COMPANY
        case _:
            return Actor.NOBODY


def derive(records: Iterable[StepRecord]) -> Projection:
    """From the records of one onboarding: the first step not done."""
    first = next((r for r in sorted(records, key=lambda r: ORDER[r.slug]) if r.state != State.DONE), None)
    if first is None:
        return Projection("", State.DONE, Actor.NOBODY, None, None)
    return Projection(first.slug, first.state, get_next_actor(first), first.since, first.due_at)


def write(onboarding: Onboarding, records: Iterable[StepRecord]) -> None:
    """Bring the onboarding's row in line with its records."""
    for name, value in vars(derive(records)).items():
        setattr(onboarding, name, value)
    update_row(onboarding, WRITTEN)


def list_differences() -> list[str]:
    """One sentence per onboarding whose row does not say what its records say, or whose records nobody can read.

    Call it within read_snapshot(), or a move that is made meanwhile is taken for a difference.
    """
    wrong = []
    for onboarding in Onboarding.objects.prefetch_related("steps").iterator(chunk_size=500):
        if faults := damage.list_faults(onboarding, onboarding.steps.all()):
            wrong.append(f"{onboarding.code} is damaged: {'; '.join(faults)}.")
            continue
        true = derive(onboarding.steps.all())
        stored = Projection(*(getattr(onboarding, name) for name in vars(true)))
        if stored != true:
            wrong.append(f"{onboarding.code}: the row says {stored}, the records say {true}.")
    return wrong
