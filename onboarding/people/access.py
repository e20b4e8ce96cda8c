"""Who may see which company, and in which role: read from the database on every call.

A stranger gets the same answer for "no such company" and "not yours" (404). What may be *done* to a step is in
onboarding/journey/guards.py.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest

from certs import clock
from certs.prepared_queries import prepare_query
from onboarding.people.decisions import PermissionRefused
from onboarding.people.models import ADMINS, Company, EmergencyInvitation, Invitation, Membership, Role, User


def person(request: HttpRequest) -> User:
    """The signed-in user of a request (every address but a few demands one; see LoginRequiredMiddleware)."""
    return cast(User, request.user)


def find_account_id(address: str) -> UUID | None:
    """Whose account this email address is, for the security log; None when nobody's. Never for an answer."""
    return User.objects.filter(email=address.strip().lower()).values_list("pk", flat=True).first()


def is_open_account(pk: str) -> bool:
    """Whether somebody with this id can sign in."""
    return User.objects.filter(pk=pk, is_active=True).exists()


def company_for(user: User, slug: str) -> Company:
    """The company, if this person may see it. Raises Http404 for anybody else."""
    found = _read_any_company(slug) if user.is_ops else _read_own_company(user.pk, slug)
    if not found:
        raise Http404
    return found[0]


@prepare_query
def _read_any_company(slug: str) -> QuerySet[Company]:
    return Company.objects.visible_to(User(is_ops=True)).filter(slug=slug)


@prepare_query
def _read_own_company(user: UUID, slug: str) -> QuerySet[Company]:
    return Company.objects.visible_to(User(pk=user)).filter(slug=slug)


def memberships_of(user: User) -> list[Membership]:
    """The person's own roles, each with its company, in the order of the companies' names.

    Each says in `is_let_in` whether the person has steps of other companies as well: grants are rows of a higher room
    and reached by their relation, as in journey/querysets.py.
    """
    return _read_memberships(user.pk, clock.now())


@prepare_query
def _read_memberships(user: UUID, now: datetime) -> QuerySet[Membership]:
    grants: Any = User._meta.get_field("grants").related_model
    in_force = grants._default_manager.filter(user=OuterRef("user")).in_force(now)
    rows = Membership.objects.filter(user=user).select_related("company").order_by("company__name")
    found = rows.annotate(is_let_in=Exists(in_force))
    return found.only(
        "user", "role", "company__name", "company__slug", "company__archived_at"
    )  # may be hundreds


def find_member(company: Company, email: str) -> Membership | None:
    """Who of a company that was already fetched has this address, in whatever case it is typed."""
    address = email.strip().lower()
    return company.memberships.select_related("user").filter(user__email=address).first()


def role_in(user: User, company: Company) -> Role | None:
    """The person's role in the company, or None."""
    return read_role(next(iter(_read_roles(user.pk, company.pk)), None))


@prepare_query
def _read_roles(user: UUID, company: UUID) -> QuerySet[Membership, str]:
    return Membership.objects.filter(user=user, company=company).values_list("role", flat=True)


def find_role(memberships: Iterable[Membership], company: UUID) -> Role | None:
    """The role in a company, among the memberships of a person that were read in the same request."""
    return read_role(next((each.role for each in memberships if each.company_id == company), None))


def read_role(stored: str | None) -> Role | None:
    """The role as it is stored; one that nobody knows allows nothing."""
    return Role(stored) if stored in set(Role) else None


def require_admin(user: User, company: Company) -> Role:
    """The person's role, if it is one of the two admin roles. Raises PermissionRefused with a sentence."""
    role = role_in(user, company)
    if role not in ADMINS:
        raise PermissionRefused(
            f"Only a Certificate Admin of {company.name} may do this. "
            f"You are {'a ' + role.label if role else 'not a member of the company'}."
        )
    return role


def require_ops(user: User) -> None:
    """Pass for ops; a stranger learns nothing (404)."""
    if not user.is_ops:
        raise Http404


def find_primaries(company_ids: Iterable[UUID]) -> dict[UUID, User]:
    """The Primary Certificate Admin of each of these companies, which were already fetched for a person."""
    rows = Membership.objects.filter(company__in=list(company_ids), role=Role.PRIMARY)
    return {each.company_id: each.user for each in rows.select_related("user")}


def find_primary(company_id: UUID) -> User | None:
    """The Primary Certificate Admin of a company that was already fetched for a person."""
    return find_primaries([company_id]).get(company_id)


def admins_of(company: Company) -> list[User]:
    """The company's Certificate Admins, the primary one first; active people only."""
    rows = Membership.objects.filter(company=company, role__in=ADMINS, user__is_active=True)
    return group_admins([company.pk], rows.select_related("user"))[company.pk]


def group_admins(ids: Iterable[UUID], rows: Iterable[Membership]) -> dict[UUID, list[User]]:
    """The active admins among the members of several companies, by the company's id and in the order of admins_of()."""
    found: dict[UUID, list[User]] = {pk: [] for pk in ids}
    for row in sorted(rows, key=lambda m: (m.role != Role.PRIMARY, m.since)):
        if row.role in ADMINS and row.user.is_active:
            found[row.company_id].append(row.user)
    return found


def list_members(company: Company) -> list[Membership]:
    """The company's people with their roles: the most responsible first, then by name."""
    members = _read_members(company.pk)
    for each in members:
        each.company = company
    return _sort_members(members)


def _sort_members(members: Iterable[Membership]) -> list[Membership]:
    order = {role.value: place for place, role in enumerate(Role)}
    return sorted(members, key=lambda m: (order.get(m.role, len(order)), m.user.name))


@prepare_query
def _read_members(company: UUID) -> QuerySet[Membership]:
    return Membership.objects.filter(company=company).select_related("user")


def member_for(company: Company, user_pk: UUID) -> Membership:
    """The membership of a person in a company that was already fetched. Raises Http404."""
    found = company.memberships.select_related("user", "company").filter(user_id=user_pk).first()
    if found is None:
        raise Http404
    return found


def invitation_for(company: Company, pk: UUID) -> Invitation:
    """An invitation to a company that was already fetched. Raises Http404."""
    found = Invitation.objects.of(company).select_related("company").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def open_invitations(company: Company) -> list[Invitation]:
    """Invitations to a role that nobody has answered; some may be past their time.

    Whoever is asked in for single steps has an offer instead: by this list nobody learns who has an account.
    """
    return list(Invitation.objects.of(company).unanswered().exclude(role=""))


def emergencies_of(company: Company) -> list[EmergencyInvitation]:
    """Emergency invitations to a company that was already fetched: all that can be stopped, then the newest ended."""
    people = ("asked_by", "agreed_by", "stopped_by", "invitation", "company")
    rows = company.emergencies.select_related(*people)
    return [*rows.filter(is_stoppable()), *rows.exclude(pk__in=rows.filter(is_stoppable()).values("pk"))[:50]]


def is_stoppable() -> Q:
    """Emergency invitations that can still be stopped: nothing went out yet, or nobody has answered it."""
    unanswered = Q(invitation__accepted_at=None, invitation__withdrawn_at=None)
    sent = Q(status=EmergencyInvitation.Status.SENT, invitation__expires_at__gt=clock.now())
    return Q(status__in=EmergencyInvitation.OPEN) | (sent & unanswered)


def emergency_for(company: Company, pk: UUID) -> EmergencyInvitation:
    """One emergency invitation to a company that was already fetched. Raises Http404."""
    people = ("asked_by", "agreed_by", "stopped_by", "invitation", "company")
    found = company.emergencies.select_related(*people).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def open_emergencies(user: User) -> list[EmergencyInvitation]:
    """Those of every company that nothing has ended yet, the oldest first: for ops. Raises Http404 for others."""
    require_ops(user)
    found = EmergencyInvitation.objects.filter(status__in=EmergencyInvitation.OPEN)
    return list(found.select_related("company", "asked_by", "agreed_by").order_by("asked_at"))


def admins_who_can_act(company: Company) -> list[User]:
    """Certificate Admins whose account is open and who have a way to sign in, the primary one first.

    Somebody who was named when the company was added and never came has none: no password, and no sign-in yet.
    """
    return [user for user in admins_of(company) if user.has_usable_password() or user.last_login]


def list_active_members(company_ids: Iterable[UUID]) -> dict[UUID, list[User]]:
    """Who of each of these companies has an account that is open, as list_members() sorts them; in one query."""
    members: dict[UUID, list[User]] = {pk: [] for pk in company_ids}
    rows = Membership.objects.filter(company__in=members, user__is_active=True).select_related("user")
    for row in _sort_members(rows):
        members[row.company_id].append(row.user)
    return members
