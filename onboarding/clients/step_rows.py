"""Steps of clients as they are read for a list of hundreds: values first, and a record of those that are shown.

Whose steps they are is decided in access.py.
"""

from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db.models import Case, Q, When

from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.steps import State

SHOWN_OF_STEP = (
    *("onboarding", "slug", "state", "since", "due_at", "submitted_at", "problem_code"),
    *("moved_at", "moved_by", "submitted_by", "assignee"),
)
# In the order of the table, as from_db() takes them. Of most steps, which are locked, nobody asks since when: a
# timestamp costs more to read than all the rest of its row.
READ_OF_STEP = [
    each.attname for each in StepRecord._meta.concrete_fields if each.name in ("id", *SHOWN_OF_STEP)
]
READ_OF_LOCKED = [each for each in READ_OF_STEP if each != "since"]
AT_SINCE = READ_OF_STEP.index("since")
PICK_ASKED = itemgetter(*map(READ_OF_STEP.index, ("id", "onboarding_id", "slug", "state", "problem_code")))
SINCE = Case(When(~Q(state=State.LOCKED), then="since"))


@dataclass(eq=False)
class StepRow:
    """A step as it was read. Its record is made when it is first asked for: a list of hundreds of clients shows few.

    `values` are those of READ_OF_STEP; the onboarding is known a query later.
    """

    pk: int
    onboarding_id: UUID
    slug: str
    state: str
    problem_code: str
    values: tuple[Any, ...]
    onboarding: Onboarding = field(init=False)

    @classmethod
    def read(cls, values: tuple[Any, ...]) -> "StepRow":
        """From the values of READ_OF_STEP."""
        pk, onboarding_id, slug, state, problem_code = PICK_ASKED(values)
        return cls(pk, onboarding_id, slug, state, problem_code, values)

    @cached_property
    def record(self) -> StepRecord:
        """The same as a record, with its onboarding."""
        names, values = READ_OF_STEP, self.values
        if self.state == State.LOCKED:  # whoever asks for `since` after all gets it from the database
            names, values = READ_OF_LOCKED, values[:AT_SINCE] + values[AT_SINCE + 1 :]
        record = StepRecord.from_db(None, names, values)
        record.onboarding = self.onboarding
        return record

    @property
    def is_moving(self) -> bool:
        """Whether it is neither done nor yet to come."""
        return self.state not in (State.DONE, State.LOCKED)
