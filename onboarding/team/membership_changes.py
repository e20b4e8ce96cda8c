"""Leaving a company, or getting another role: what the person holds goes back to the team in the same transaction.

Who may act on a step is in journey/guards.py; the pages are in membership_views.py.
"""

from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse

from certs import clock
from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.handover import grants, offers, secret_sharing
from onboarding.journey import emails
from onboarding.journey.assignment import assign, lock_onboarding
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.steps import State
from onboarding.notifications.outbox import queue_email
from onboarding.people.access import admins_of, admins_who_can_act, require_admin
from onboarding.people.decisions import PermissionRefused, StateConflict
from onboarding.people.email_facts import describe_company, describe_contact, describe_person
from onboarding.people.emergency_rules import require_settled
from onboarding.people.models import ADMINS, Company, Membership, Role, User
from onboarding.team import absence
from onboarding.team.models import PrimaryChange


@dataclass(frozen=True)
class Change:
    """One change of a person's place in a company: `role` None means that the person leaves."""

    member: Membership
    role: Role | None
    actor: User

    @property
    def company(self) -> Company:
        """Where."""
        return self.member.company

    @property
    def user(self) -> User:
        """Who."""
        return self.member.user


def list_steps_to_return(member: Membership, role: Role | None) -> list[StepRecord]:
    """The steps that go back to the team when this person leaves (None) or gets the role: what the page shows."""
    held = StepRecord.objects.filter(
        assignee=member.user, onboarding__company=member.company, onboarding__status=Onboarding.Status.ACTIVE
    )
    records: list[StepRecord] = (
        held.exclude(state=State.DONE).select_related("onboarding__company").in_order()
    )
    return [record for record in records if role not in record.definition.who]


def change_role(read: Membership, role: Role, *, actor: User) -> list[StepRecord]:
    """Give a member another role; answers what went back to the team. Raises RequestRefused."""
    with transaction.atomic():
        member = _lock_membership(read)
        _require_role_change(member, role, actor)
        return _apply(Change(member, role, actor))


def remove_member(read: Membership, *, actor: User) -> list[StepRecord]:
    """End a membership (one's own too); answers what went back to the team. Raises RequestRefused."""
    with transaction.atomic():
        member = _lock_membership(read)
        require_removable(member, actor)
        return _apply(Change(member, None, actor))


def require_removable(member: Membership, actor: User) -> None:
    """May this person end this membership now? Certificate Admins, and everybody their own."""
    if actor.pk != member.user_id:
        require_admin(actor, member.company)
        require_settled(actor, member.company)
    _require_cover(member, None)


def _require_role_change(member: Membership, role: Role, actor: User) -> None:
    require_admin(actor, member.company)
    require_settled(actor, member.company)
    if role == Role.PRIMARY:
        raise PermissionRefused("A company has one Primary Certificate Admin. Ask ops to change who it is.")
    if role == member.role:
        raise StateConflict(f"{member.user} is a {role.label} already.")
    _require_cover(member, role)


def _require_cover(member: Membership, role: Role | None) -> None:
    if member.role == Role.PRIMARY:
        raise StateConflict(
            f"{member.user} is the Primary Certificate Admin of {member.company.name}, and there must be one. "
            "Ask ops to change who it is; after that the role can be changed or ended."
        )
    others = [user for user in admins_who_can_act(member.company) if user.pk != member.user_id]
    if member.role in ADMINS and role not in ADMINS and not others:
        raise StateConflict(
            f"{member.user} is the last Certificate Admin of {member.company.name} who can sign in. "
            "Invite another one first."
        )


def _lock_membership(read: Membership) -> Membership:
    """The membership as it is now; every change of roles in the company waits until this one has ended."""
    # The company and not the row: two last admins who leave at once must wait for each other.
    company = Company.objects.select_for_update(no_key=True).get(pk=read.company_id)
    found = Membership.objects.select_related("user").filter(pk=read.pk).first()
    if found is None:
        raise StateConflict(f"This person has left {company.name} already.")
    found.company = company
    return found


def _apply(change: Change) -> list[StepRecord]:
    lock_onboardings(change.company)
    back = list_steps_to_return(change.member, change.role)
    occasion = _write_role(change)
    offers.withdraw_all(change.user, change.company, actor=change.actor, reason=_describe_change(change))
    if change.role is None:
        _end_other_access(change)
    absence.clear_invalid_deputies(change.company)
    unassign_done_steps(change.member, change.role)
    for record in back:
        return_step(record, change.user, actor=change.actor, reason=_describe_change(change))
    everywhere = Onboarding.objects.filter(company=change.company)
    secret_sharing.destroy_unreceivable(change.user, everywhere, change.actor)
    _queue_emails(change, back, occasion)
    return back


def lock_onboardings(company: Company) -> None:
    """Every move of the company waits until this transaction has ended.

    Those that are over too, all before the first event: offers and accesses of theirs may end, and a worker that closes
    many at once has them locked while it waits for the history.
    """
    for pk in Onboarding.objects.filter(company=company).order_by("pk").values_list("pk", flat=True):
        lock_onboarding(pk)


def _write_role(change: Change) -> int:
    """Answers the number of the event, which makes the letters of this occasion unlike those of any other."""
    data = {"to": f"{change.user.name} <{change.user.email}>", "before": change.member.get_role_display()}
    if change.role is None:
        Membership.objects.filter(pk=change.member.pk).delete()
        name = EventName.MEMBER_REMOVED
    else:
        change.member.role, name = change.role, EventName.ROLE_CHANGED
        change.member.save(update_fields=["role"])
        data["role"] = change.role.label
    replay = {"roles": {str(change.user.pk): change.role and change.role.value}}
    return record_event(name, company=change.company, actor=change.actor, data=data, replay=replay).number


def _end_other_access(change: Change) -> None:
    """Access as an outsider, absence, an open change of primary: all end."""
    grants.revoke_all(change.user, change.company, actor=change.actor)
    absence.delete_absences(change.user, change.company)
    PrimaryChange.objects.filter(company=change.company, successor=change.user, ended_at=None).update(
        ended_at=clock.now()
    )


def unassign_done_steps(member: Membership, role: Role | None) -> None:
    """Done steps lose the assignee too: one that is sent back later must not be held by who may not do it."""
    done = StepRecord.objects.filter(
        assignee=member.user, onboarding__company=member.company, state=State.DONE
    )
    for record in done:
        if role not in record.definition.who:
            assign(record, None)


def return_step(record: StepRecord, former: User, *, actor: User, reason: str) -> None:
    """A held step goes back to the team, and the history says from whom and why; its onboarding is locked."""
    assign(record, None)
    record_event(
        EventName.STEP_UNCLAIMED,
        company=record.onboarding.company,
        actor=actor,
        onboarding_id=record.onboarding_id,
        step=record.slug,
        data={"former": str(former), "reason": reason},
    )


def _describe_change(change: Change) -> str:
    if change.role is None:
        return f"{change.user} has left {change.company.name}"
    return f"{change.user} is a {change.role.label} of {change.company.name} now"


def _queue_emails(change: Change, back: list[StepRecord], occasion: int) -> None:
    """The person, and everybody to whom the work has come back; who did it knows already."""
    key = f"{change.company.pk}:{occasion}"
    team = {user.pk: user for user in admins_of(change.company)}
    team |= {user.pk: user for record in back for user in emails.list_recipients(record)}
    others = [user for pk, user in team.items() if pk not in (change.actor.pk, change.user.pk)]
    facts = {
        "role": change.role.label if change.role else "",
        "onboarding": {"company": describe_company(change.company)},
        "steps": [f"{r.definition.title} ({r.onboarding.get_environment_display()})" for r in back],
    }
    told = {**facts, "why": _describe_change(change), "actor": describe_person(change.actor)}
    team_page = reverse("team:team", args=[change.company.slug])
    queue_email("left", key=f"left:{key}", to=others, facts={**told, "path": team_page})
    if change.user != change.actor:
        facts |= {"actor": describe_contact(change.actor), "path": team_page if change.role else "/"}
        queue_email("your-role", key=f"your-role:{key}", to=[change.user], facts=facts)
