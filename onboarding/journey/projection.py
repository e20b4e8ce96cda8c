"""What the board needs for speed, derived from the step records: current step, state, whose move, since, due.

Written only by progress.py, in the transaction of the move; `manage.py check_projection` proves that it is true.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from certs.rows import update_row
from onboarding.journey import damage
from onboarding.journey.models import Onboarding, StepRecord, get_wait
from onboarding.journey.problems import find_problem
from onboarding.journey.steps import ORDER, Actor, State, Wait

STATUS = (
    "status",
    "ended_at",
    "destroy_secrets_at",
    "deadlines_paused_at",
)  # changed by progress.py, and written with the projection
WRITTEN = ("current_step", "current_state", "next_actor", "since", "due_at", *STATUS)


AT_ONCE = 2000  # onboardings whose records are in memory while they are compared


class ActedOn(damage.StoredStep, Protocol):
    """As much of a step as says who has to act on it: a record, or what was read without making one."""

    @property
    def wait(self) -> Wait | None: ...


class Standing(ActedOn, Protocol):
    """How a step stands, and since when."""

    @property
    def since(self) -> datetime: ...
    @property
    def due_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class Projection:
    """The five columns of the onboarding row."""

    current_step: str
    current_state: str
    next_actor: str
    since: datetime | None
    due_at: datetime | None


def get_next_actor(record: ActedOn) -> Actor:
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


def derive(records: Iterable[Standing]) -> Projection:
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


class _StepColumns(NamedTuple):
    """The columns of a record that the projection follows from."""

    onboarding_id: UUID
    slug: str
    state: str
    since: datetime
    due_at: datetime | None
    problem_code: str
    submitted_at: datetime | None

    @property
    def wait(self) -> Wait | None:
        return get_wait(self.slug, self.submitted_at)


def list_differences() -> list[str]:
    """One sentence per onboarding whose row does not say what its records say, or whose records nobody can read.

    Two statements for AT_ONCE onboardings. Call it within read_snapshot(), or a move that is made meanwhile is taken
    for a difference.
    """
    wrong, columns = list[str](), tuple(each.name for each in fields(Projection))
    onboardings, last = Onboarding.objects.order_by("pk").values_list("pk", "code", *columns), None
    while rows := list((onboardings.filter(pk__gt=last) if last else onboardings)[:AT_ONCE]):
        first, last = rows[0][0], rows[-1][0]
        steps: dict[UUID, list[_StepColumns]] = {pk: [] for pk, *_ in rows}
        found = StepRecord.objects.filter(onboarding_id__gte=first, onboarding_id__lte=last)
        for record in map(_StepColumns._make, found.values_list(*_StepColumns._fields).iterator(AT_ONCE)):
            steps[record.onboarding_id].append(record)
        for pk, code, *stored in rows:
            wrong += _differences(code, Projection(*stored), steps[pk])
    return wrong


def _differences(code: str, stored: Projection, records: list[_StepColumns]) -> Iterator[str]:
    if faults := damage.list_faults(records):
        yield f"{code} is damaged: {'; '.join(faults)}."
    elif stored != (true := derive(records)):
        yield f"{code}: the row says {stored}, the records say {true}."
