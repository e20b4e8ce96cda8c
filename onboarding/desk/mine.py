"""My desk: what waits for me, what my team has that nobody holds, what I wait for.

Reads only; three queries whatever the number of steps.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.urls import reverse

from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.projection import mover_of
from onboarding.journey.sentences import by_hand, whose_move
from onboarding.journey.steps import ORDER, PRIMARY_ONLY, Mover, State
from onboarding.people.models import Role, User

FAR = datetime.max.replace(tzinfo=UTC)  # what has no limit comes after what has one


@dataclass(frozen=True)
class Row:
    """One sentence and one link."""

    sentence: str
    url: str
    link: str
    state: str
    since: datetime
    due: datetime | None = None


@dataclass
class Desk:
    """The three lists."""

    mine: list[Row] = field(default_factory=list)
    team: list[Row] = field(default_factory=list)
    others: list[Row] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Nothing anywhere."""
        return not (self.mine or self.team or self.others)


def desk_of(user: User) -> Desk:
    """Everything that concerns this person, oldest first, what has a limit before what has none."""
    roles = dict(user.memberships.values_list("company_id", "role"))
    desk = Desk()
    onboardings = Onboarding.objects.filter(company__in=roles).active().with_people()
    moving = [(record, Role(roles[each.company_id])) for each in onboardings for record in _moving(each)]
    for record, role in sorted(moving, key=_urgency):
        _list_for(desk, record, role, user).append(_row(record, role, user))
    return desk


def _moving(onboarding: Onboarding) -> list[StepRecord]:
    found = [r for r in onboarding.steps.all() if r.state in (State.OPEN, State.WAITING, State.PROBLEM)]
    for record in found:
        record.onboarding = onboarding
    return sorted(found, key=lambda r: ORDER[r.slug])


def _urgency(item: tuple[StepRecord, Role]) -> tuple[datetime, datetime]:
    record, _ = item
    return (record.due_at or FAR, record.since)


def _list_for(desk: Desk, record: StepRecord, role: Role, user: User) -> list[Row]:
    theirs = record.state == State.WAITING or mover_of(record) != Mover.COMPANY
    if role not in record.row.who or (theirs and not by_hand(record)):
        return desk.others
    if record.holder_id == user.pk or (record.holder_id is None and record.row.who == PRIMARY_ONLY):
        return desk.mine
    return desk.team if record.holder_id is None else desk.others


def _row(record: StepRecord, role: Role, user: User) -> Row:
    onboarding = record.onboarding
    where = f"{onboarding.company.name}, {onboarding.get_environment_display()}"
    url = reverse("journey:step", args=[onboarding.code, record.slug])
    sentence = f"{where}: {whose_move(record, user, primary=role == Role.PRIMARY)}"
    return Row(sentence, url, record.row.title, record.state, record.since, record.due_at)
