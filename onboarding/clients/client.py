"""One client of a person: an onboarding with their steps in it, and how it stands for them.

Whose clients they are is decided in access.py, what may be done with a step in journey/guards.py.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from onboarding.clients.step_rows import CaseRow, StepRow
from onboarding.journey import guards
from onboarding.journey.access import Access
from onboarding.journey.damage import UNREADABLE
from onboarding.journey.models import Onboarding
from onboarding.journey.page_files import PageFiles
from onboarding.journey.projection import get_next_actor
from onboarding.journey.status_text import describe_manual_end
from onboarding.journey.steps import Actor, State
from onboarding.people.models import Role, User


class ClientState(StrEnum):
    """How a client stands for one person."""

    YOURS = "todo"
    WAITING = "waiting"
    DONE = "done"


@dataclass(frozen=True)
class Judgement:
    """How a client stands: the places of the steps to do, and of the one that a row is about, among its steps."""

    state: ClientState
    to_do: tuple[int, ...]
    focus: int


@dataclass(eq=False)
class Client:
    """One onboarding, with the steps in it that are this person's, in order; never empty.

    `role` is the person's in the company, None from outside; `until` is when the first of the person's grants ends,
    None for a member of the company.
    """

    judge: "Judge"
    case: CaseRow
    role: Role | None
    until: datetime | None
    rows: list[StepRow]
    files: PageFiles | None = None

    @property
    def onboarding(self) -> Onboarding:
        """The onboarding, with its company."""
        return self.case.onboarding

    @cached_property
    def access(self) -> Access:
        """The person's rights in it."""
        granted = frozenset() if self.role else frozenset(each.pk for each in self.rows)
        return Access(self.judge.user, self.onboarding, self.role, granted)

    @cached_property
    def judgement(self) -> Judgement:
        """How it stands for the person."""
        return self.judge.find_judgement(self)

    @property
    def state(self) -> ClientState:
        """For this person to do, waiting for somebody or something else, or done as far as it is theirs."""
        return self.judgement.state

    @property
    def focus(self) -> StepRow:
        """The step that a row is about: what can be done now, else what is under way, else the next one to open."""
        return self.rows[self.judgement.focus]

    def may_do(self, step: int) -> bool:
        """Whether the person can move the step of this key now."""
        return any(self.rows[place].pk == step for place in self.judgement.to_do)


class Judge:
    """Says how the clients of a person stand. The many that are alike are judged once: guards are asked for one."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.known: dict[tuple[object, ...], Judgement] = {}

    def find_judgement(self, client: Client) -> Judgement:
        """By everything on which the answer depends, and no key or name."""
        steps = tuple(
            (each.slug, each.state, each.problem_code, each.submitted_at is None, self._is_free(each))
            for each in client.rows
        )
        key = (client.role, client.case.status, _can_prove(client.files), steps)
        if key not in self.known:
            self.known[key] = self._judge(client)
        return self.known[key]

    def _is_free(self, row: StepRow) -> bool:
        return row.assignee_id is None or row.assignee_id == self.user.pk

    def _judge(self, client: Client) -> Judgement:
        places = range(len(client.rows))
        to_do = tuple(place for place in places if self._can_move(client, client.rows[place]))
        if to_do:
            return Judgement(ClientState.YOURS, to_do, to_do[0])
        moving = [place for place in places if client.rows[place].is_moving]
        ahead = [place for place in places if client.rows[place].state == State.LOCKED]
        state = ClientState.WAITING if moving or ahead else ClientState.DONE
        return Judgement(state, (), next(iter([*moving, *ahead]), places[-1]))

    def _can_move(self, client: Client, row: StepRow) -> bool:
        """By state and assignee first, so that no refusal is put into words, with names, that nobody reads."""
        if not row.is_moving or not self._is_free(row):
            return False
        access, record = client.access, row.make_record()
        match row.state:
            case State.OPEN:
                return bool(guards.may_submit(access, record))
            case State.PROBLEM:
                return get_next_actor(record) == Actor.COMPANY and bool(guards.may_reopen(access, record))
            case _:
                return bool(describe_manual_end(record, client.files) and guards.may_confirm(access, record))


def _can_prove(files: PageFiles | None) -> bool | None:
    """None as well where that cannot be read, which matters to a step that waits for it alone."""
    try:
        return files.can_prove if files else None
    except UNREADABLE:
        return None
