"""Fetching an onboarding or a step for a person, and their rights in it: the only way from a page to these rows.

A stranger gets 404, the same as for a code that does not exist; what may be done with a right is asked in guards.py.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from certs import clock
from certs.prepared_queries import prepare_query
from onboarding.audit.models import Event
from onboarding.journey.deadlines.step_times import CompanyTimes
from onboarding.journey.models import CompanyDeadlines, Evidence, Onboarding, StepRecord
from onboarding.journey.querysets import sort_steps
from onboarding.people.access import read_role, role_in
from onboarding.people.decisions import PermissionRefused
from onboarding.people.models import ADMINS, TECHNICAL, Company, Membership, Role, User


@dataclass(frozen=True)
class Access:
    """One person's rights in one onboarding, as the database had them at one moment.

    `role` is the one in the company; None for ops and for people from outside. `granted` are the primary keys of the
    step records to which somebody from outside was let in. It lives as long as one request, or as one move's lock,
    and is kept nowhere: a right that is taken away is gone at the next request.
    """

    user: User
    onboarding: Onboarding
    role: Role | None
    granted: frozenset[int] = frozenset()

    @property
    def is_ops(self) -> bool:
        """Whether this is one of the people who run the portal."""
        return self.user.is_ops

    @property
    def is_admin(self) -> bool:
        """A Certificate Admin of the company, the primary one included."""
        return self.role in ADMINS

    @property
    def is_technical(self) -> bool:
        """Somebody of the company who may build the PFX, and so may download it (secret_downloads.py)."""
        return self.role in TECHNICAL

    @property
    def is_outside(self) -> bool:
        """Sees single steps by a grant only: everything around them stays out of sight."""
        return self.role is None and not self.is_ops

    @property
    def sees_team(self) -> bool:
        """Whether who works in the company, and who of them is away, is theirs to know."""
        return not self.is_outside


def read_access(user: User, onboarding: Onboarding) -> Access:
    """What this person may do in this onboarding, read now: once for a request, once more under a move's lock.

    Grants are asked for only where no role counts. One query for members and ops, two for others.
    """
    return build_access(user, onboarding, role_in(user, onboarding.company))


def build_access(user: User, onboarding: Onboarding, role: Role | None) -> Access:
    """The same, where the role was read already."""
    granted: frozenset[int] = frozenset()
    if role is None and not user.is_ops:
        found = StepRecord.objects.granted_to(user).filter(onboarding=onboarding)
        granted = frozenset(found.values_list("pk", flat=True))
    return Access(user, onboarding, role, granted)


def read_accesses(pairs: Iterable[tuple[User, Onboarding]]) -> list[Access]:
    """read_access() for each pair, in two queries for all."""
    asked = list(pairs)
    users = {user.pk for user, _ in asked}
    members = Membership.objects.filter(user__in=users, company__in={case.company_id for _, case in asked})
    roles = {
        (user, company): role for user, company, role in members.values_list("user_id", "company_id", "role")
    }
    grants: Any = StepRecord._meta.get_field("grants").related_model  # a floor above, as in querysets.py
    in_force = grants._default_manager.in_force().filter(
        user__in=users, onboarding__in={c.pk for _, c in asked}
    )
    steps = defaultdict(set)
    for user_id, case_id, step in in_force.order_by().values_list("user_id", "steps__onboarding_id", "steps"):
        steps[user_id, case_id].add(step)
    return [
        _compose(user, case, read_role(roles.get((user.pk, case.company_id))), steps[user.pk, case.pk])
        for user, case in asked
    ]


def _compose(user: User, onboarding: Onboarding, role: Role | None, granted: Iterable[int]) -> Access:
    is_outside = role is None and not user.is_ops
    return Access(user, onboarding, role, frozenset(granted if is_outside else ()))


def get_onboarding(user: User, code: str) -> Onboarding:
    """The onboarding with its company, if this person may see all of it.

    Raises Http404; for an outside technician, who knows that it is there, PermissionRefused.
    """
    found = find_onboarding(user, code)
    if found is None:
        raise _not_for_outsiders(user, code)
    return found


def find_onboarding(user: User, code: str) -> Onboarding | None:
    """The onboarding with its company; None where this person may not see all of it, or there is none."""
    code = code.upper()
    return next(iter(_read_any(code) if user.is_ops else _read_own(user.pk, code)), None)


@prepare_query
def _read_any(code: str) -> QuerySet[Onboarding]:
    return Onboarding.objects.visible_to(User(is_ops=True)).select_related("company").filter(code=code)


@prepare_query
def _read_own(user: UUID, code: str) -> QuerySet[Onboarding]:
    return Onboarding.objects.visible_to(User(pk=user)).select_related("company").filter(code=code)


def _not_for_outsiders(user: User, code: str) -> Exception:
    granted = Onboarding.objects.granted_to(user).select_related("company").filter(code=code.upper()).first()
    if granted is None:
        return Http404()
    return PermissionRefused(
        f"This is for the people of {granted.company.name} only. You have access to single steps; they are on the "
        "page Your tasks. If you need this for your steps, ask who handed them to you."
    )


def find_only_onboarding(user: User) -> Onboarding | None:
    """The one onboarding in which this person has a role or was let in; None where there is none, or another one."""
    own = Onboarding.objects.visible_to(user).filter(company__in=user.memberships.values("company"))
    found = {*own[:2], *Onboarding.objects.granted_to(user)[:2]}
    return found.pop() if len(found) == 1 else None


def list_onboardings(company: Company) -> list[Onboarding]:
    """The onboardings of a company that was already fetched for a person, the newest first."""
    found = _read_onboardings(company.pk)
    for each in found:
        each.company = company
    return found


@prepare_query
def _read_onboardings(company: UUID) -> QuerySet[Onboarding]:
    return Onboarding.objects.filter(company=company).order_by("-started_at")


def find_companies_with_onboardings(company_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these companies, fetched for a person already, have an onboarding that was not withdrawn."""
    return set(_read_companies_with_onboardings(list(company_ids)))


@prepare_query
def _read_companies_with_onboardings(companies: list[UUID]) -> QuerySet[Onboarding, UUID]:
    found = Onboarding.objects.filter(company__in=companies).exclude(status=Onboarding.Status.WITHDRAWN)
    return found.values_list("company_id", flat=True)


def list_granted_steps(user: User, code: str) -> list[StepRecord]:
    """The steps of this onboarding to which an outside technician was let in, in order; none for members and ops."""
    if Onboarding.objects.visible_to(user).filter(code=code.upper()).exists():
        return []
    return _read_granted_steps(user, code)


def get_granted_steps(user: User, code: str) -> list[StepRecord]:
    """The same, where it is known that this person may not see the onboarding itself. Raises Http404 for strangers."""
    found = _read_granted_steps(user, code)
    if not found:
        raise Http404
    return found


def _read_granted_steps(user: User, code: str) -> list[StepRecord]:
    found = StepRecord.objects.granted_to(user).filter(onboarding__code=code.upper())
    return found.select_related("onboarding__company", "assignee", "moved_by", "submitted_by").in_order()


def get_onboarding_of_files(user: User, code: str) -> Onboarding:
    """The onboarding whose CSR and certificate are asked for: members, ops, and who was let in to a step.

    Neither file is a secret, and no technical step can be done without them. Raises Http404.
    """
    if steps := list_granted_steps(user, code):
        return steps[0].onboarding
    return get_onboarding(user, code)


def get_step(user: User, code: str, slug: str) -> StepRecord:
    """One step's record with its onboarding, company and people. Raises Http404."""
    code = code.upper()
    found = _read_any_step(code, slug) if user.is_ops else _read_own_step(user.pk, clock.now(), code, slug)
    if not found:
        raise Http404
    return found[0]


@prepare_query
def _read_any_step(code: str, slug: str) -> QuerySet[StepRecord]:
    found = StepRecord.objects.visible_to(User(is_ops=True)).filter(onboarding__code=code, slug=slug)
    return found.select_related("onboarding__company", "assignee", "moved_by", "submitted_by")


@prepare_query
def _read_own_step(user: UUID, now: datetime, code: str, slug: str) -> QuerySet[StepRecord]:
    found = StepRecord.objects.visible_to(User(pk=user), now).filter(onboarding__code=code, slug=slug)
    return found.select_related("onboarding__company", "assignee", "moved_by", "submitted_by")


def list_events(onboarding: Onboarding) -> QuerySet[Event]:
    """What happened in an onboarding that was already fetched for a person, newest first."""
    return Event.objects.filter(onboarding_id=onboarding.pk).order_by("-number")


def list_steps(onboarding: Onboarding) -> list[StepRecord]:
    """The twelve records of an onboarding that was already fetched for a person, in order, in one query."""
    records = sort_steps(_read_steps(onboarding.pk))
    for record in records:
        record.onboarding = onboarding
    return records


@prepare_query
def _read_steps(onboarding: UUID) -> QuerySet[StepRecord]:
    found = StepRecord.objects.filter(onboarding=onboarding)
    return found.select_related("assignee", "moved_by", "submitted_by")


class LetIn(NamedTuple):
    """Somebody from outside who was let in to a step: who, by name, and until when."""

    user_id: Any
    name: str
    until: datetime


def list_let_in(record: StepRecord) -> list[LetIn]:
    """Who from outside may do this step at this moment, by name; of a step that was already fetched for a person."""
    grants: Any = record._meta.get_field("grants").related_model  # a floor above, as in querysets.py
    found = (
        grants._default_manager.in_force().filter(steps=record).select_related("user").order_by("given_at")
    )
    return [LetIn(grant.user_id, str(grant.user), grant.until) for grant in found]


def get_evidence(user: User, code: str, pk: int) -> Evidence:
    """One piece of evidence. Raises Http404."""
    onboarding = get_onboarding(user, code)
    found = (
        Evidence.objects.select_related("record", "stored_file__secret")
        .defer("file")
        .filter(record__onboarding=onboarding, pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    found.record.onboarding = onboarding
    return found


def read_company_times(onboarding: Onboarding) -> CompanyTimes:
    """What ops set for the steps of the company of an onboarding that was already fetched for a person."""
    found = CompanyDeadlines.objects.filter(company=onboarding.company_id).first()
    return found.times if found else {}
