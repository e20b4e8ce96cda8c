"""Your tasks: what waits for me, what is offered to me, what my team has, what I wait for, what I handed over.

Reads only; the number of queries does not depend on the number of steps. What is handed over is in offer_lists.py.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from onboarding.dashboards import offer_lists
from onboarding.dashboards.offer_lists import TaskLink
from onboarding.handover.access import open_offers
from onboarding.journey.damage import show_readable
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.page_files import PageFiles, read_files
from onboarding.journey.projection import get_next_actor
from onboarding.journey.status_text import describe_manual_end, describe_status
from onboarding.journey.steps import ORDER, PRIMARY_ONLY, Actor, State
from onboarding.people.models import Role, User

__all__ = ["TaskLink", "TaskLists", "build_task_lists"]

FAR = datetime.max.replace(tzinfo=UTC)  # what has no limit comes after what has one


@dataclass
class TaskLists:
    """The lists."""

    own: list[TaskLink] = field(default_factory=list)
    received_offers: list[TaskLink] = field(default_factory=list)
    team: list[TaskLink] = field(default_factory=list)
    others: list[TaskLink] = field(default_factory=list)
    sent_offers: list[TaskLink] = field(default_factory=list)
    damaged: int = 0

    @property
    def is_empty(self) -> bool:
        """Nothing anywhere."""
        return not (self.own or self.received_offers or self.team or self.others or self.sent_offers)


@dataclass(frozen=True)
class Task:
    """A step that moves, with what this person is to it (a role in the company, or None from outside)."""

    record: StepRecord
    role: Role | None
    offered_to: str
    files: PageFiles | None


def build_task_lists(user: User) -> TaskLists:
    """Everything that concerns this person, oldest first, what has a limit before what has none."""
    lists = TaskLists(
        received_offers=offer_lists.list_offers_to(user), sent_offers=offer_lists.list_offers_from(user)
    )
    placed, lists.damaged = show_readable(
        sorted(_tasks(user), key=_urgency), lambda task: (_list_for(lists, task, user), _row(task, user))
    )
    for place, row in placed:
        place.append(row)
    return lists


def _tasks(user: User) -> list[Task]:
    roles = {company: role for company, role in _roles(user) if role in set(Role)}
    onboardings = Onboarding.objects.visible_to(user).filter(company__in=roles).active().with_people()
    found = [
        (record, Role(roles[each.company_id])) for each in onboardings for record in _unfinished_steps(each)
    ]
    offered_to = _find_offered([record for record, _ in found])
    granted = _granted(user, set(roles))
    files = read_files([*(record for record, _ in found), *granted])
    tasks = [Task(r, role, offered_to.get(r.pk, ""), files.get(r.onboarding_id)) for r, role in found]
    return tasks + [Task(r, None, "", files.get(r.onboarding_id)) for r in granted]


def _roles(user: User) -> list[tuple[Any, str]]:
    return list(user.memberships.values_list("company_id", "role"))


def _unfinished_steps(onboarding: Onboarding) -> list[StepRecord]:
    found = [r for r in onboarding.steps.all() if r.state in (State.OPEN, State.WAITING, State.PROBLEM)]
    for record in found:
        record.onboarding = onboarding
    return sorted(found, key=lambda r: ORDER.get(r.slug, len(ORDER)))


def _granted(user: User, companies: set[UUID]) -> list[StepRecord]:
    """Steps to which somebody from outside was let in; a role in the company counts more than a grant."""
    found = StepRecord.objects.granted_to(user).filter(
        state__in=[State.OPEN, State.WAITING, State.PROBLEM], onboarding__status=Onboarding.Status.ACTIVE
    )
    rows = found.exclude(onboarding__company__in=companies)
    return rows.select_related("onboarding__company", "assignee", "moved_by").in_order()


def _find_offered(records: list[StepRecord]) -> dict[int, str]:
    """To whom each step is offered at this moment."""
    return {each.record_id: each.offer.receiver for each in open_offers(records)}


def _urgency(task: Task) -> tuple[datetime, datetime]:
    return (task.record.due_at or FAR, task.record.since)


def _list_for(lists: TaskLists, task: Task, user: User) -> list[TaskLink]:
    record = task.record
    theirs = record.state == State.WAITING or get_next_actor(record) != Actor.COMPANY
    may = task.role in record.definition.who or task.role is None
    if not may or (theirs and not describe_manual_end(record, task.files)):
        return lists.others
    if record.assignee_id == user.pk or (
        record.assignee_id is None and record.definition.who == PRIMARY_ONLY
    ):
        return lists.own
    return lists.team if record.assignee_id is None else lists.others


def _row(task: Task, user: User) -> TaskLink:
    record, onboarding = task.record, task.record.onboarding
    url = reverse("journey:step", args=[onboarding.code, record.slug])
    whose = describe_status(record, user, primary=task.role == Role.PRIMARY, files=task.files)
    place = offer_lists.describe_place(onboarding)
    sentence = f"{place}: {whose}"
    if task.offered_to:
        sentence += f" Offered to {task.offered_to}, who has not answered yet."
    return TaskLink(sentence, url, record.definition.title, record.state, record.since, record.due_at)
