"""The clients of a person: the onboardings in which they have steps of their own, with their rights in each.

What a row says of a client is in client_list.py. Nothing else in this room starts a query with a person.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from certs import clock
from certs.models import Certificate, SigningRequest
from certs.prepared_queries import prepare_query
from onboarding.clients.step_rows import READ_OF_STEP, SHOWN_OF_STEP, SINCE, StepRow
from onboarding.handover.models import Grant
from onboarding.journey import damage, guards
from onboarding.journey.access import Access
from onboarding.journey.choices import OnboardingStatus
from onboarding.journey.definitions import StepSlug
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.page_files import PageFiles, read_files
from onboarding.journey.projection import get_next_actor
from onboarding.journey.status_text import describe_manual_end
from onboarding.journey.steps import ORDER, STEPS, Actor, State
from onboarding.people.access import memberships_of
from onboarding.people.models import Membership, Role, User

SHOWN_OF_CASE = ("code", "environment", "status", "current_step", "deadlines_paused_at", "company__name")
SLUGS_OF_ROLE = {role: [each.slug for each in STEPS if role in each.who] for role in Role}


class ClientState(StrEnum):
    """How a client stands for one person."""

    YOURS = "todo"
    WAITING = "waiting"
    DONE = "done"


@dataclass(frozen=True)
class Client:
    """One onboarding, with the steps in it that are this person's, in order; never empty.

    `until` is when the first of the person's grants ends, None for a member of the company.
    """

    access: Access
    rows: tuple[StepRow, ...]
    until: datetime | None
    files: PageFiles | None

    @cached_property
    def steps(self) -> tuple[StepRecord, ...]:
        """The records of all of them."""
        return tuple(each.record for each in self.rows)

    @property
    def onboarding(self) -> Onboarding:
        """The onboarding, with its company."""
        return self.access.onboarding

    @cached_property
    def to_do(self) -> tuple[StepRecord, ...]:
        """The steps that this person can move now."""
        moving = (each.record for each in self.rows if each.is_moving)
        return tuple(each for each in moving if _can_move(self.access, each, self.files))

    @cached_property
    def state(self) -> ClientState:
        """For this person to do, waiting for somebody or something else, or done as far as it is theirs."""
        if self.to_do:
            return ClientState.YOURS
        done = all(each.state == State.DONE for each in self.rows)
        return ClientState.DONE if done else ClientState.WAITING

    @cached_property
    def focus(self) -> StepRecord:
        """The step that a row is about: what can be done now, else what is under way, else the next one to open."""
        if self.to_do:
            return self.to_do[0]
        moving = [each for each in self.rows if each.is_moving]
        ahead = [each for each in self.rows if each.state == State.LOCKED]
        return next(iter([*moving, *ahead]), self.rows[-1]).record

    def get_step(self, slug: str) -> StepRecord | None:
        """This person's step of that slug."""
        return next((each.record for each in self.rows if each.slug == slug), None)


def _can_move(access: Access, record: StepRecord, files: PageFiles | None) -> bool:
    """Asked by state and assignee first, so that no refusal is put into words, with names, that nobody reads."""
    if record.assignee_id not in (None, access.user.pk):
        return False
    match record.state:
        case State.OPEN:
            return bool(guards.may_submit(access, record))
        case State.PROBLEM:
            return get_next_actor(record) == Actor.COMPANY and bool(guards.may_reopen(access, record))
        case State.WAITING:
            return bool(describe_manual_end(record, files) and guards.may_confirm(access, record))
        case _:
            return False


def list_clients(user: User, memberships: Sequence[Membership] | None = None) -> list[Client]:
    """The clients of a person: by grants, and by roles of somebody who is a member of several companies.

    `memberships` are the person's where they were read anyway.

    None for ops, who do nobody's steps. Five queries, however many clients; who has the steps is read by read_people().
    """
    if user.is_ops:
        return []
    rows = memberships_of(user) if memberships is None else memberships
    roles = {each.company_id: Role(each.role) for each in rows if each.role in set(Role)}
    own = list(roles) if len(roles) == 1 else []  # who works for one company only is no stranger there
    now = clock.now()
    by_case = _group(map(StepRow.read, _read_step_rows(user.pk, now, own)))
    return _build(user, by_case, roles, dict(_read_ends(user.pk, now)))


@prepare_query
def _read_step_rows(user: UUID, now: datetime, own: list[UUID]) -> QuerySet[StepRecord, tuple[Any, ...]]:
    found = StepRecord.objects.visible_to(User(pk=user), now).exclude(onboarding__company__in=own)
    records = found.exclude(onboarding__status=OnboardingStatus.WITHDRAWN).filter(
        _may_be_theirs(User(pk=user))
    )
    return records.values_list(*(SINCE if each == "since" else each for each in READ_OF_STEP))


def _may_be_theirs(user: User) -> Q:
    """Of a company's steps only those of the person's role there, so that no others are read.

    From outside only technical steps are anybody's (guards.has_grant).
    """
    outside = ~Q(onboarding__company__in=user.memberships.values("company"))
    theirs = outside & Q(slug__in=SLUGS_OF_ROLE[Role.TECHNICIAN])
    for role in Role:
        companies = user.memberships.filter(role=role).values("company")
        theirs |= Q(onboarding__company__in=companies, slug__in=SLUGS_OF_ROLE[role])
    return theirs


def read_people(records: Sequence[StepRecord]) -> None:
    """Who has each step and who moved it last: each person once, in one query, as few people do many steps."""
    columns = ("assignee", "moved_by", "submitted_by")
    keys = {getattr(record, f"{each}_id") for record in records for each in columns}
    people = {each.pk: each for each in _read_users(list(keys - {None}))}
    for record in records:
        for each in columns:
            setattr(record, each, people.get(getattr(record, f"{each}_id")))


@prepare_query
def _read_users(keys: list[UUID]) -> QuerySet[User]:
    return User.objects.filter(pk__in=keys)


@prepare_query
def _read_ends(user: UUID, now: datetime) -> QuerySet[Grant, tuple[UUID, datetime]]:
    """By onboarding when a grant of the person's ends; the first end of each comes last."""
    grants = Grant.objects.filter(user=user).in_force(now).order_by("-until")
    return grants.values_list("onboarding_id", "until")


def _group(rows: Iterable[StepRow]) -> dict[UUID, list[StepRow]]:
    by_case: dict[UUID, list[StepRow]] = defaultdict(list)
    for row in damage.leave_out_damaged(rows):
        by_case[row.onboarding_id].append(row)
    return by_case


@prepare_query
def _read_onboardings(cases: list[UUID]) -> QuerySet[Onboarding]:
    return Onboarding.objects.filter(pk__in=cases).select_related("company").only(*SHOWN_OF_CASE)


def _build(
    user: User, by_case: dict[UUID, list[StepRow]], roles: dict[UUID, Role], ends: dict[UUID, datetime]
) -> list[Client]:
    accesses: list[tuple[Access, tuple[StepRow, ...]]] = []
    for onboarding in _read_onboardings(list(by_case)):
        rows = sorted(by_case[onboarding.pk], key=lambda each: ORDER[each.slug])
        for row in rows:
            row.onboarding = onboarding
        role = roles.get(onboarding.company_id)
        granted = frozenset() if role else frozenset(each.pk for each in rows)
        accesses.append((Access(user, onboarding, role, granted), tuple(rows)))
    waiting = [each.record for _, mine in accesses for each in mine if each.state == State.WAITING]
    files = read_files(waiting)
    return [
        Client(
            access,
            mine,
            None if access.role else ends.get(access.onboarding.pk),
            files.get(access.onboarding.pk),
        )
        for access, mine in accesses
    ]


def read_roles(clients: Sequence[Client]) -> dict[tuple[UUID, UUID], Role]:
    """The roles of those who have the steps of these rows, by (company, person), in one query."""
    people = {each.assignee_id for client in clients for each in client.steps if each.assignee_id}
    companies = {client.onboarding.company_id for client in clients}
    rows = _read_roles(list(companies), list(people))
    return {(company, user): Role(role) for company, user, role in rows if role in set(Role)}


@prepare_query
def _read_roles(companies: list[UUID], people: list[UUID]) -> QuerySet[Membership, tuple[UUID, UUID, str]]:
    found = Membership.objects.filter(company__in=companies, user__in=people)
    return found.values_list("company_id", "user_id", "role")


def read_current_steps(clients: Sequence[Client]) -> dict[UUID, StepRecord]:
    """The step at which each onboarding stands, for those whose whole journey the person may see, in one query."""
    cases = {each.onboarding.pk: each.onboarding for each in clients if not each.access.is_outside}
    slugs = {each.current_step for each in cases.values()}
    current = {}
    for record in damage.leave_out_damaged(_read_steps_of_cases(list(cases), list(slugs))):
        record.onboarding = cases[record.onboarding_id]
        if record.slug == record.onboarding.current_step:
            current[record.onboarding_id] = record
    return current


@prepare_query
def _read_steps_of_cases(cases: list[UUID], slugs: list[str]) -> QuerySet[StepRecord]:
    found = StepRecord.objects.filter(onboarding__in=cases, slug__in=slugs).select_related("assignee")
    return found.only(*SHOWN_OF_STEP, "assignee__name", "assignee__email")


def read_key_files(records: Iterable[StepRecord]) -> dict[UUID, PageFiles]:
    """What the names of the files depend on, for many onboardings: every CSR that each has had, in one query."""
    files = {each.onboarding_id: PageFiles(each.onboarding) for each in records}
    by_case: dict[UUID, list[SigningRequest]] = {pk: [] for pk in files}
    for request in SigningRequest.objects.filter(case_id__in=files).select_related("key"):
        by_case[request.case_id].append(request)
    for pk, each in files.items():
        each.requests = by_case[pk]
    return files


def read_certificates(clients: Sequence[Client]) -> dict[UUID, Certificate]:
    """The certificate of each of these onboardings that has one, in two queries."""
    cases = [each.onboarding.pk for each in clients]
    facts = StepRecord.objects.filter(onboarding__in=cases, slug=StepSlug.CERTIFICATE).values_list(
        "onboarding_id", "facts"
    )
    named = {pk: each["certificate_id"] for pk, each in facts if "certificate_id" in each}
    found = {
        str(each.pk): each for each in Certificate.objects.filter(pk__in=named.values(), case_id__in=named)
    }
    return {pk: found[name] for pk, name in named.items() if name in found and found[name].case_id == pk}
