"""The steps of Your tasks as the database has them: in short for placing them in lists, in full for rows.

Whose steps they are is decided here; in which list each belongs, in task_index.py.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from certs import clock
from certs.prepared_queries import prepare_query
from onboarding.dashboards.task_lines import StepLine
from onboarding.handover.access import is_offered
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.querysets import StepRecordQuerySet
from onboarding.journey.steps import State
from onboarding.people.models import Membership, User

FEW_COMPANIES = 3  # whose steps are so few that all of them are read in full at once


def are_few(memberships: Sequence[Membership]) -> bool:
    """Whether somebody has the steps of few companies, and none of others."""
    few = 0 < len(memberships) <= FEW_COMPANIES
    return few and not getattr(memberships[0], "is_let_in", True)


def read_lines(
    user: User, companies: Sequence[UUID], since: datetime, *, searched: bool = False
) -> list[StepLine]:
    """The steps in short, with the words that a search looks in where there is one."""
    now = clock.now()
    if not (user.is_ops or searched):
        return [StepLine(*row) for row in _read_lines(user.pk, now, since)]
    found = _filter(StepRecord.objects.visible_to(user, now), user, since)
    if user.is_ops:  # they see every company, and their own are what they do something in
        found = found.filter(onboarding__company__in=companies)
    rows = found.values_list(*StepLine.COLUMNS, *(StepLine.WORDS if searched else ()))
    return [StepLine(*row) for row in rows]


@prepare_query
def _read_lines(user: UUID, now: datetime, since: datetime) -> QuerySet[StepRecord, tuple[Any, ...]]:
    found = StepRecord.objects.visible_to(User(pk=user), now)
    return _filter(found, User(pk=user), since).values_list(*StepLine.COLUMNS)


def read_few(user: User, since: datetime) -> list[StepRecord]:
    """All of them in full, of somebody who was let in nowhere: one question in place of two."""
    return _read_few(user.pk, clock.now(), since)


@prepare_query
def _read_few(user: UUID, now: datetime, since: datetime) -> QuerySet[StepRecord]:
    found = StepRecord.objects.visible_to(User(pk=user), now, is_let_in=False)
    return _with_columns(_filter(found, User(pk=user), since), now)


def read_records(user: User, pks: list[int]) -> list[StepRecord]:
    """Those of these keys in full."""
    now = clock.now()
    return list(_filter_records(user, now, pks)) if user.is_ops else _read_records(user.pk, now, pks)


@prepare_query
def _read_records(user: UUID, now: datetime, pks: list[int]) -> QuerySet[StepRecord]:
    return _filter_records(User(pk=user), now, pks)


def _filter_records(user: User, now: datetime, pks: list[int]) -> StepRecordQuerySet:
    found = StepRecord.objects.visible_to(user, now).filter(pk__in=pks)
    return _with_columns(found, now).with_access_until(user, now)


def _with_columns(found: StepRecordQuerySet, now: datetime) -> StepRecordQuerySet:
    """`is_offered` says whether an offer of the step waits for its answer: few do, and who is asked is read apart."""
    return found.with_tasks_columns().annotate(is_offered=is_offered(now))


def _filter(found: StepRecordQuerySet, user: User, since: datetime) -> StepRecordQuerySet:
    """Steps that move, accepted ones that cannot start yet, and what this person finished of late."""
    moving = Q(state__in=[State.OPEN, State.WAITING, State.PROBLEM])
    accepted = Q(state=State.LOCKED, assignee=user)
    finished = Q(state=State.DONE, moved_at__gt=since) & (Q(moved_by=user) | Q(assignee=user))
    active = Q(onboarding__status=Onboarding.Status.ACTIVE)
    return found.filter(active & (moving | accepted) | finished)
