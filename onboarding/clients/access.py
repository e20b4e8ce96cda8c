"""The clients of a person: the onboardings in which they have steps of their own, with their rights in each.

What a row says of a client is in client_list.py. Nothing else in this room starts a query with a person.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from certs import clock
from certs.models import Certificate, SigningRequest
from certs.prepared_queries import prepare_query
from onboarding.clients.client import Client, Judge
from onboarding.clients.step_rows import OF_CASE, OF_CURRENT, CaseRow, StepRow, list_columns
from onboarding.handover.models import Grant
from onboarding.journey import damage
from onboarding.journey.choices import OnboardingStatus
from onboarding.journey.definitions import StepSlug
from onboarding.journey.models import StepRecord
from onboarding.journey.page_files import PageFiles, may_lack_pfx, read_files
from onboarding.journey.steps import ORDER, STEPS
from onboarding.people.access import memberships_of
from onboarding.people.models import Membership, Role, User

SHOWN_OF_STEP = (
    *("onboarding", "slug", "state", "since", "due_at", "submitted_at", "problem_code"),
    *("moved_at", "moved_by", "submitted_by", "assignee"),
)
SLUGS_OF_ROLE = {role: [each.slug for each in STEPS if role in each.who] for role in Role}
TECHNICAL_STEPS = frozenset(SLUGS_OF_ROLE[Role.TECHNICIAN])
WIDTH = len(OF_CASE)


def list_clients(user: User, memberships: Sequence[Membership] | None = None) -> list[Client]:
    """The clients of a person: by grants, and by roles of somebody who is a member of several companies.

    `memberships` are the person's where they were read anyway.

    None for ops, who do nobody's steps. At most five queries, however many clients; who has the steps is read by
    read_names().
    """
    if user.is_ops:
        return []
    members = memberships_of(user) if memberships is None else memberships
    roles = {each.company_id: Role(each.role) for each in members if each.role in set(Role)}
    now = clock.now()
    judge = Judge(user)
    clients: dict[UUID, Client] = {}
    if not members or getattr(members[0], "is_let_in", True):
        _add_granted(clients, judge, _read_granted(user.pk, now))
    if len(roles) > 1:  # who works for one company only is no stranger there
        _add_own(clients, judge, _read_own(user.pk), roles)
    found = [each for each in clients.values() if each.rows]
    files = read_files(row for each in found for row in each.rows if may_lack_pfx(row))
    for each in found:
        each.rows.sort(key=_get_place)
        each.files = files.get(each.case.pk)
    return found


def _get_place(row: StepRow) -> int:
    return ORDER[row.slug]


@prepare_query
def _read_granted(user: UUID, now: datetime) -> QuerySet[Grant, tuple[Any, ...]]:
    """What somebody from outside was let in to, by grant: the first that ends comes first."""
    own = User(pk=user).memberships.values("company")
    grants = Grant.objects.filter(user=user).in_force(now).exclude(onboarding__company__in=own)
    found = grants.exclude(onboarding__status=OnboardingStatus.WITHDRAWN).order_by("until")
    return found.values_list(*OF_CASE, "until", *list_columns("steps__"))


def _add_granted(clients: dict[UUID, Client], judge: Judge, rows: Iterable[Sequence[Any]]) -> None:
    """From outside only technical steps are anybody's (guards.has_grant)."""
    seen: set[int] = set()  # two grants may be to the same step
    for values in rows:
        client = clients.get(values[0])
        if client is None:
            case, until = CaseRow(*values[:WIDTH]), values[WIDTH]
            client = clients[case.pk] = Client(judge, case, None, until, [])
        pk, slug = values[WIDTH + 1 : WIDTH + 3]
        if slug in TECHNICAL_STEPS and pk not in seen:
            seen.add(pk)
            _add_row(client, values[WIDTH + 1 :])


@prepare_query
def _read_own(user: UUID) -> QuerySet[StepRecord, tuple[Any, ...]]:
    """Of a company's steps only those of the person's role there, so that no others are read."""
    theirs = Q()
    for role in Role:
        companies = User(pk=user).memberships.filter(role=role).values("company")
        theirs |= Q(onboarding__company__in=companies, slug__in=SLUGS_OF_ROLE[role])
    found = StepRecord.objects.visible_to(User(pk=user), is_let_in=False).filter(theirs)
    active_or_done = found.exclude(onboarding__status=OnboardingStatus.WITHDRAWN)
    return active_or_done.values_list(*OF_CASE, *list_columns())


def _add_own(
    clients: dict[UUID, Client], judge: Judge, rows: Iterable[Sequence[Any]], roles: dict[UUID, Role]
) -> None:
    for values in rows:
        client = clients.get(values[0])
        if client is None:
            case = CaseRow(*values[:WIDTH])
            if case.company_id not in roles:  # given after the roles were read
                continue
            client = clients[case.pk] = Client(judge, case, roles[case.company_id], None, [])
        _add_row(client, values[WIDTH:])


def _add_row(client: Client, values: Sequence[Any]) -> None:
    row = StepRow.read(values, client.case)
    if not damage.describe_fault(row):
        client.rows.append(row)


def read_steps(clients: Iterable[Client], slug: StepSlug) -> list[tuple[Client, StepRecord]]:
    """The step of this slug of each client who has it, in full, with its people."""
    rows = {each.pk: client for client in clients for each in client.rows if each.slug == slug}
    records = {each.pk: each for each in _read_steps(list(rows))}
    found = [(client, records[pk]) for pk, client in rows.items() if pk in records]
    for client, record in found:
        record.onboarding = client.onboarding
    _read_people(list(records.values()))
    return found


@prepare_query
def _read_steps(pks: list[int]) -> QuerySet[StepRecord]:
    return StepRecord.objects.filter(pk__in=pks).only(*SHOWN_OF_STEP)


def _read_people(records: Sequence[StepRecord]) -> None:
    """Who has each step and who moved it last: each person once, in one query, as few people do many steps."""
    columns = ("assignee", "moved_by", "submitted_by")
    keys = {getattr(record, f"{each}_id") for record in records for each in columns}
    people = {each.pk: each for each in _read_users(list(keys - {None}))}
    for record in records:
        for each in columns:
            setattr(record, each, people.get(getattr(record, f"{each}_id")))


@prepare_query
def _read_users(keys: list[UUID]) -> QuerySet[User]:
    return User.objects.filter(pk__in=keys).only("name", "email")


def read_names(rows: Iterable[StepRow]) -> dict[UUID, User]:
    """Who has these steps, by the person's key, in one query."""
    keys = {each.assignee_id for each in rows if each.assignee_id}
    return {each.pk: each for each in _read_users(list(keys))}


def read_roles(rows: Iterable[StepRow]) -> dict[tuple[UUID, UUID], Role]:
    """The roles of those who have these steps, by (company, person), in one query."""
    held = {(each.case.company_id, each.assignee_id) for each in rows if each.assignee_id}
    found = _read_roles(list({company for company, _ in held}), list({person for _, person in held}))
    return {(company, user): Role(role) for company, user, role in found if role in set(Role)}


@prepare_query
def _read_roles(companies: list[UUID], people: list[UUID]) -> QuerySet[Membership, tuple[UUID, UUID, str]]:
    found = Membership.objects.filter(company__in=companies, user__in=people)
    return found.values_list("company_id", "user_id", "role")


def read_current_steps(clients: Iterable[Client]) -> dict[UUID, StepRow]:
    """The step at which each onboarding stands, for those whose whole journey the person may see, in one query."""
    cases = {each.case.pk: each.case for each in clients if each.role}
    slugs = {each.current_step for each in cases.values()}
    found = _read_rows_of_cases(list(cases), list(slugs))
    rows = [StepRow.read(values, cases[pk]) for *values, pk in found]
    current = [each for each in damage.leave_out_damaged(rows) if each.slug == each.case.current_step]
    return {each.case.pk: each for each in current}


@prepare_query
def _read_rows_of_cases(cases: list[UUID], slugs: list[str]) -> QuerySet[StepRecord, tuple[Any, ...]]:
    found = StepRecord.objects.filter(onboarding__in=cases, slug__in=slugs)
    return found.values_list(*OF_CURRENT)


def read_key_files(clients: Iterable[Client]) -> dict[UUID, PageFiles]:
    """What the names of the files depend on, for many onboardings: every CSR that each has had, in one query."""
    files = {each.case.pk: PageFiles(each.onboarding) for each in clients}
    by_case: dict[UUID, list[SigningRequest]] = {pk: [] for pk in files}
    for request in SigningRequest.objects.filter(case_id__in=files).select_related("key"):
        by_case[request.case_id].append(request)
    for pk, each in files.items():
        each.requests = by_case[pk]
    return files


def read_certificates(clients: Sequence[Client]) -> dict[UUID, Certificate]:
    """The certificate of each of these onboardings that has one, in two queries."""
    cases = [each.case.pk for each in clients]
    facts = StepRecord.objects.filter(onboarding__in=cases, slug=StepSlug.CERTIFICATE).values_list(
        "onboarding_id", "facts"
    )
    named = {pk: each["certificate_id"] for pk, each in facts if "certificate_id" in each}
    found = {
        str(each.pk): each for each in Certificate.objects.filter(pk__in=named.values(), case_id__in=named)
    }
    return {pk: found[name] for pk, name in named.items() if name in found and found[name].case_id == pk}
