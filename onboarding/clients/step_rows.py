"""Steps of clients as they are read for a list of hundreds: few columns, and no model of what is not shown.

Whose steps they are is decided in access.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Case, Q, When

from onboarding.journey.choices import OnboardingEnvironment
from onboarding.journey.models import Onboarding, StepRecord, get_wait
from onboarding.journey.steps import BY_SLUG, State, Step, Wait
from onboarding.people.models import Company

OF_STEP = ("pk", "slug", "state", "problem_code", "assignee_id")


def list_columns(at: str = "") -> list[Any]:
    """The columns of a StepRow, of the steps that are reached by `at`.

    A moment costs more to read than all the rest of a row, so each is read only where it is asked for.
    """
    since = Case(When(~Q(**{f"{at}state": State.LOCKED}), then=f"{at}since"))
    over = Q(**{f"{at}state__in": [State.LOCKED, State.DONE]})
    return [*(f"{at}{name}" for name in OF_STEP), since, Case(When(~over, then=f"{at}submitted_at"))]


OF_CURRENT = (*OF_STEP, "since", "submitted_at", "onboarding_id")
OF_CASE = (
    *("onboarding_id", "onboarding__code", "onboarding__environment", "onboarding__status"),
    *("onboarding__current_step", "onboarding__company_id", "onboarding__company__name"),
)


ENVIRONMENTS = dict(OnboardingEnvironment.choices)


@dataclass(eq=False)
class CaseRow:
    """An onboarding as it was read; `company` is its company's name."""

    pk: UUID
    code: str
    environment: str
    status: str
    current_step: str
    company_id: UUID
    company: str

    @property
    def environment_label(self) -> str:
        """The environment as people read it."""
        return ENVIRONMENTS.get(self.environment, self.environment)

    @cached_property
    def onboarding(self) -> Onboarding:
        """The same as a model, with its company; what was not read is read when it is asked for."""
        names = ["id", "code", "company_id", "environment", "status", "current_step"]  # in the table's order
        values = [self.pk, self.code, self.company_id, self.environment, self.status, self.current_step]
        found = Onboarding.from_db(None, names, values)
        found.company = Company.from_db(None, ["id", "name"], [self.company_id, self.company])
        return found


@dataclass(eq=False, slots=True)
class StepRow:
    """A step as it was read: as much as says who has to act on it. `since` is None of what cannot start yet."""

    pk: int
    slug: str
    state: str
    problem_code: str
    assignee_id: UUID | None
    since: datetime | None
    submitted_at: datetime | None
    case: CaseRow

    @classmethod
    def read(cls, values: Sequence[Any], case: CaseRow) -> "StepRow":
        """From the values of list_columns()."""
        pk, slug, state, problem_code, assignee_id, since, submitted_at = values
        return cls(pk, slug, state, problem_code, assignee_id, since, submitted_at, case)

    @property
    def is_moving(self) -> bool:
        """Whether it is neither done nor yet to come."""
        return self.state not in (State.DONE, State.LOCKED)

    @property
    def definition(self) -> Step:
        """What the table says of this step."""
        return BY_SLUG[self.slug]

    @property
    def wait(self) -> Wait | None:
        """The wait that it is in, or would be in."""
        return get_wait(self.slug, self.submitted_at)

    @property
    def onboarding(self) -> Onboarding:
        """The case's."""
        return self.case.onboarding

    @property
    def onboarding_id(self) -> UUID:
        """The case's key."""
        return self.case.pk

    def make_record(self) -> StepRecord:
        """As much of the record as decides whether somebody can move it (guards.py)."""
        return StepRecord(
            pk=self.pk,
            onboarding=self.case.onboarding,
            slug=self.slug,
            state=self.state,
            problem_code=self.problem_code,
            submitted_at=self.submitted_at,
            assignee_id=self.assignee_id,
        )
