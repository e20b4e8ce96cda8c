"""Your tasks in short: a light line for each step and each offer that concerns a person, in the list where it belongs.

Two queries, however many onboardings there are, and two more where a step waits for the proof. What a page shows of
the lines is read in full by task_rows.py, unless they are few (task_records.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from certs import clock
from certs.prepared_queries import prepare_query
from onboarding.dashboards.task_lines import Line, OfferLine, Section, StepLine
from onboarding.dashboards.task_records import are_few, read_few, read_lines
from onboarding.handover.models import Offer
from onboarding.journey.damage import show_readable
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.page_files import PageFiles, may_lack_pfx, read_files
from onboarding.journey.status_text import is_for_people
from onboarding.journey.steps import BY_SLUG, ORDER, PRIMARY_ONLY, State
from onboarding.people.access import memberships_of
from onboarding.people.models import Membership, Role, User

DONE_FOR = timedelta(days=30)  # how long what is over stays on the page
FAR = datetime.max.replace(tzinfo=UTC)  # what has no limit comes after what has one


@dataclass
class TaskIndex:
    """Every line in its list, in order, with what was read on the way: the person's roles and the cases' files.

    `records` are the steps in full where these were so few that all of them were read at once; else there are none.
    `damaged` counts the steps that cannot be placed.
    """

    user: User
    memberships: list[Membership] = field(default_factory=list)
    roles: dict[UUID, Role] = field(default_factory=dict)
    files: dict[UUID, PageFiles] = field(default_factory=dict)
    records: dict[int, StepRecord] = field(default_factory=dict)
    lists: dict[Section, list[Line]] = field(default_factory=lambda: {section: [] for section in Section})
    damaged: int = 0

    @property
    def companies_under_way(self) -> set[UUID]:
        """The companies of which a step is on the page that is not done: nothing is to be started there."""
        shown = (line for section, lines in self.lists.items() if section != Section.DONE for line in lines)
        return {line.company_id for line in shown if isinstance(line, StepLine)}

    @property
    def places(self) -> set[UUID]:
        """The onboardings in which something is to be done or waited for."""
        return {
            line.onboarding_id
            for section, lines in self.lists.items()
            if section != Section.DONE
            for line in lines
        }


def read_index(user: User, *, searched: bool = False) -> TaskIndex:
    """What concerns this person, most urgent first: what has a limit before what has none, then the oldest.

    `searched`: with the words that a search looks in.
    """
    index = TaskIndex(user, memberships_of(user))
    index.roles = {each.company_id: Role(each.role) for each in index.memberships if each.role in set(Role)}
    steps = _read_steps(index, searched)
    index.files = read_files(_list_records_that_may_lack_pfx(steps))
    placed, index.damaged = show_readable(steps, _Placement(index).place)
    for section, line in [*placed, *((_list_of_offer(user, each), each) for each in _read_offers(user))]:
        index.lists[section].append(line)
    for section, lines in index.lists.items():
        lines.sort(key=_newest_first if section == Section.DONE else _urgency)
    return index


def _urgency(line: Line) -> tuple[bool, datetime, datetime, int]:
    """What cannot start yet comes last."""
    return (line.state == State.LOCKED, line.due_at or FAR, line.since, ORDER.get(line.slugs[0], 0))


def _newest_first(line: Line) -> tuple[float, int]:
    return (-(line.ended_at or line.since).timestamp(), ORDER.get(line.slugs[0], 0))


def _read_steps(index: TaskIndex, searched: bool) -> list[StepLine]:
    """Steps that move, accepted ones that cannot start yet, and what this person finished of late."""
    user, since = index.user, clock.now() - DONE_FOR
    if are_few(index.memberships) and not (user.is_ops or searched):
        index.records = {each.pk: each for each in read_few(user, since)}
        lines = [StepLine.of(each) for each in index.records.values()]
    else:
        lines = read_lines(user, list(index.roles), since, searched=searched)
    unreadable = {each.company_id for each in index.memberships} - set(index.roles)
    return [line for line in lines if line.company_id not in unreadable]  # what is no role allows nothing


def _list_records_that_may_lack_pfx(lines: Iterable[StepLine]) -> list[StepRecord]:
    """Enough of each record to ask for the files of its case."""
    return [
        _make_record(line, Onboarding(pk=line.onboarding_id, code="")) for line in lines if may_lack_pfx(line)
    ]


def _make_record(line: StepLine, onboarding: Onboarding | None = None) -> StepRecord:
    """A record that says who has to act, as far as its step and its state decide it."""
    return StepRecord(
        slug=line.slug,
        state=line.state,
        problem_code=line.problem_code,
        submitted_at=line.submitted_at,
        onboarding=onboarding,
    )


class _Placement:
    """Places the steps of one person. What depends on the step and its state alone is worked out once for each."""

    def __init__(self, index: TaskIndex) -> None:
        self.index = index
        self.known: dict[tuple[object, ...], bool] = {}

    def place(self, line: StepLine) -> tuple[Section, Line]:
        """The list of a step. Raises what damage.UNREADABLE names for a row that nobody can read."""
        return self._find_list(line), line

    def _find_list(self, line: StepLine) -> Section:
        definition, state = BY_SLUG[line.slug], State(line.state)
        if state in (State.DONE, State.LOCKED):
            return Section.DONE if state == State.DONE else Section.OTHERS
        role = self.index.roles.get(line.company_id)
        if not (role is None or role in definition.who) or not self._is_for_people(line):
            return Section.OTHERS
        if line.assignee_id is None:
            return Section.OWN if definition.who == PRIMARY_ONLY else Section.TEAM
        return Section.OWN if line.assignee_id == self.index.user.pk else Section.OTHERS

    def _is_for_people(self, line: StepLine) -> bool:
        """Whether a person has to act, be it to end a wait that no worker can end."""
        files = self.index.files.get(line.onboarding_id)
        kept = files.can_prove if files and line.state == State.WAITING else None
        key = (line.slug, line.state, line.problem_code, line.submitted_at is None, kept)
        if key not in self.known:
            record = _make_record(line)
            self.known[key] = is_for_people(record, files)
        return self.known[key]


def _read_offers(user: User) -> list[OfferLine]:
    """Offers that wait for this person's answer, and what this person offered or answered of late."""
    now = clock.now()
    lines: dict[UUID, OfferLine] = {}
    for *row, slug in _read_offer_lines(user.pk, now - DONE_FOR, now):
        line = lines.setdefault(row[0], OfferLine(*row))
        line.slugs.append(slug)
    for line in lines.values():
        line.slugs.sort(key=lambda slug: ORDER.get(slug, len(ORDER)))
    return [line for line in lines.values() if line.to_do or line.to_user_id != user.pk or line.answered_at]


@prepare_query
def _read_offer_lines(user: UUID, since: datetime, now: datetime) -> QuerySet[Offer, tuple[Any, ...]]:
    found = Offer.objects.visible_to(User(pk=user)).concerning(User(pk=user), since, now)
    return found.values_list(*OfferLine.COLUMNS, "steps__record__slug")


def _list_of_offer(user: User, line: OfferLine) -> Section:
    if not line.is_open:
        return Section.DONE
    return Section.OFFERED if line.to_user_id == user.pk else Section.OTHERS
