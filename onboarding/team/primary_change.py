"""Another Primary Certificate Admin, agreed by two: ops ask, the successor accepts; there is exactly one at any moment.

The successor is a Certificate Admin already, so nobody gets to the company's secrets by it; any of them can end it. The
former primary stays as Certificate Admin; what only the primary may do goes back to the queue (membership_changes.py).
"""

from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse

from certs import clock
from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.notifications.outbox import queue_email
from onboarding.people.access import admins_of, role_in
from onboarding.people.decisions import PermissionRefused, StateConflict
from onboarding.people.email_facts import describe_company, describe_person
from onboarding.people.emergency_rules import require_settled
from onboarding.people.models import ADMINS, Company, Membership, Role, User
from onboarding.team import membership_changes
from onboarding.team.models import PrimaryChange
from onboarding.ui.formatting import day, when


def start(company: Company, successor: User, *, reason: str, actor: User) -> PrimaryChange:
    """Ops ask a member to become the primary. Raises RequestRefused."""
    if not actor.is_ops:
        raise PermissionRefused("Only ops start a change of the Primary Certificate Admin. Write to them.")
    with transaction.atomic():
        company = _lock_company(company)
        _require_eligible(company, successor)
        change = _create(PrimaryChange(company=company, successor=successor, started_by=actor, reason=reason))
        _record_event(EventName.PRIMARY_CHANGE_STARTED, change, actor)
        others = [user for user in admins_of(company) if user != successor]
        _queue_emails("primary-asked", change, [successor], reason=reason)
        _queue_emails("primary-planned", change, others, reason=reason, successor=describe_person(successor))
    return change


def _create(change: PrimaryChange) -> PrimaryChange:
    try:
        with transaction.atomic():
            change.save()
    except IntegrityError:
        known = PrimaryChange.objects.select_related("successor").get(company=change.company, ended_at=None)
        raise StateConflict(
            f"{known.successor} is asked already, since {day(known.started_at)}. End that first."
        ) from None
    return change


def agree(read: PrimaryChange, *, actor: User) -> PrimaryChange:
    """The successor accepts: both roles change in one transaction. Raises RequestRefused."""
    with transaction.atomic():
        change = _lock_open(read)
        if actor.pk != change.successor_id:
            raise PermissionRefused(f"Only {change.successor} can agree to this.")
        _require_eligible(change.company, actor)
        require_settled(actor, change.company)
        former = Membership.objects.select_related("user", "company").get(
            company=change.company, role=Role.PRIMARY
        )
        membership_changes.lock_onboardings(change.company)
        _swap_roles(former, change)
        _end(change, agreed=True)
        roles = {str(former.user_id): Role.ADMIN.value, str(change.successor_id): Role.PRIMARY.value}
        _record_event(EventName.PRIMARY_CHANGED, change, actor, {"roles": roles}, former=str(former.user))
        _return_steps(former, actor)
        people = {
            "former": describe_person(former.user),
            "successor": describe_person(change.successor),
        }
        _queue_emails("primary-changed", change, admins_of(change.company), **people)
    return change


def _swap_roles(former: Membership, change: PrimaryChange) -> None:
    """The former one first: the database allows one primary per company; nobody else sees the moment between."""
    former.role = Role.ADMIN
    former.save(update_fields=["role"])
    Membership.objects.filter(company=change.company, user=change.successor).update(role=Role.PRIMARY)


def _return_steps(former: Membership, actor: User) -> None:
    for record in membership_changes.list_steps_to_return(former, Role.ADMIN):
        reason = f"{actor} is the Primary Certificate Admin now"
        membership_changes.return_step(record, former.user, actor=actor, reason=reason)
    membership_changes.unassign_done_steps(former, Role.ADMIN)


def stop(read: PrimaryChange, *, actor: User) -> PrimaryChange:
    """The successor or another Certificate Admin says no, or ops take it back. Raises RequestRefused."""
    with transaction.atomic():
        change = _lock_open(read)
        if not (actor.is_ops or role_in(actor, change.company) in ADMINS or actor.pk == change.successor_id):
            raise PermissionRefused(
                f"Only {change.successor}, a Certificate Admin of {change.company.name} or ops can end this."
            )
        _end(change, agreed=False)
        _record_event(EventName.PRIMARY_CHANGE_ENDED, change, actor)
        known = (
            change.started_by,
            change.successor,
            *admins_of(change.company),
        )  # all who were told that it is planned
        to = {user.pk: user for user in known if user != actor}
        people = {"actor": describe_person(actor), "successor": describe_person(change.successor)}
        _queue_emails("primary-stopped", change, list(to.values()), **people)
    return change


def _require_eligible(company: Company, successor: User) -> None:
    member = Membership.objects.filter(company=company, user=successor, user__is_active=True).first()
    if member is None:
        raise StateConflict(
            f"{successor} is not a member of {company.name}. Invite the person as Certificate Admin first."
        )
    if member.role == Role.PRIMARY:
        raise StateConflict(f"{successor} is the Primary Certificate Admin of {company.name} already.")
    if member.role != Role.ADMIN:  # whom the company did not let in to its secrets, ops do not
        raise StateConflict(
            f"{successor} is a {member.get_role_display()} of {company.name}. A Certificate Admin there gives the "
            "person that role first, on the team page; where none can act, ask for an emergency invitation."
        )


def _lock_company(company: Company) -> Company:
    locked: Company = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    return locked


def _lock_open(read: PrimaryChange) -> PrimaryChange:
    company = _lock_company(read.company)
    change = PrimaryChange.objects.select_related("successor", "started_by").get(pk=read.pk)
    if change.ended_at is not None:
        how = "was agreed to" if change.agreed else "was ended"
        raise StateConflict(f"This change of the Primary Certificate Admin {how} on {when(change.ended_at)}.")
    change.company = company
    return change


def _end(change: PrimaryChange, *, agreed: bool) -> None:
    change.ended_at, change.agreed = clock.now(), agreed
    change.save(update_fields=["ended_at", "agreed"])


def _record_event(
    name: EventName, change: PrimaryChange, actor: User, replay: dict[str, Any] | None = None, **data: str
) -> None:
    data |= {"to": f"{change.successor.name} <{change.successor.email}>", "reason": change.reason}
    record_event(name, company=change.company, actor=actor, data=data, replay=replay)


def _queue_emails(kind: str, change: PrimaryChange, to: list[User], **facts: Any) -> None:
    facts |= {
        "onboarding": {"company": describe_company(change.company)},
        "path": reverse("team:team", args=[change.company.slug]),
    }
    queue_email(kind, key=f"{kind}:{change.pk}", to=to, facts=facts)
