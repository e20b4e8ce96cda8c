"""Handing over, an agreement of two: offer, accept, decline, withdraw, return, expire.

Each is one transaction under the onboarding's lock: rights, rows, assignee, event and letters. Of two racers one wins;
the other is told who did what and when. Who may is in rules.py; closing an offer in closing.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q

from certs import clock
from onboarding.handover import closing, emails, events, grants, rules, secret_sharing
from onboarding.handover.models import Grant, Offer, OfferedStep
from onboarding.journey.access import read_access
from onboarding.journey.assignment import assign, lock_onboarding
from onboarding.journey.guards import describe_state
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.steps import State
from onboarding.people import invitations
from onboarding.people.decisions import StateConflict, require
from onboarding.people.models import Company, Invitation, User
from onboarding.periodic.batches import Task, do_in_batches
from onboarding.ui.formatting import when

SECONDS = 60  # of a run of expire(), after which no further batch is closed
AT_ONCE = 100  # offers, or accesses, closed in one transaction


@dataclass(frozen=True)
class Plan:
    """What is to be handed over: a member is named by `to`, somebody outside by `email` and `access_until`."""

    onboarding: Onboarding
    slugs: tuple[str, ...]
    reason: str
    expires_at: datetime
    note: str = ""
    to: User | None = None
    email: str = ""
    access_until: datetime | None = None


def offer(plan: Plan, *, actor: User) -> Offer:
    """Offer steps; until the receiver accepts they stay with who offers them. Raises RequestRefused."""
    with transaction.atomic():
        if plan.to is None:
            invitations.lock_open_invitation(plan.onboarding.company, plan.email)
        onboarding = lock_onboarding(plan.onboarding.pk)
        to, invitation = _find_receiver(plan, actor)
        closing.expire_offers(onboarding, clock.now())
        records = _get_steps(onboarding, plan.slugs)
        _require_offerable(records, plan, actor, to)
        made = Offer.objects.create(
            company=onboarding.company,
            onboarding=onboarding,
            from_user=actor,
            to_user=to,
            to_email=plan.email.strip().lower(),
            invitation=invitation,
            reason=plan.reason,
            note=plan.note,
            expires_at=plan.expires_at,
            access_until=plan.access_until,
        )
        OfferedStep.objects.bulk_create([OfferedStep(offer=made, record=record) for record in records])
        for record in records:
            if record.assignee_id is None:
                assign(record, actor)
        events.record_offer_event(made, actor, reason=plan.reason, until=plan.expires_at.isoformat())
        emails.queue_offered(made)
    return made


def _find_receiver(plan: Plan, actor: User) -> tuple[User | None, Invitation | None]:
    """The member; the person outside who has an account; or nobody yet, and the invitation that asks them in."""
    if plan.to is not None:
        return plan.to, None
    rules.require_may_let_in(actor, StepRecord(onboarding=plan.onboarding))
    known = User.objects.filter(email=plan.email.strip().lower(), is_active=True, is_ops=False).first()
    if known is not None and (known.last_login or known.has_usable_password()):
        return known, None
    days = max(invitations.DAYS, (plan.expires_at - clock.now()).days + 1)  # as long as the offer lasts
    invited = invitations.invite(
        company=plan.onboarding.company, email=plan.email, role=None, actor=actor, note=plan.reason, days=days
    )
    return None, invited


def _get_steps(onboarding: Onboarding, slugs: Iterable[str]) -> list[StepRecord]:
    found = onboarding.steps.filter(slug__in=list(slugs)).select_related("assignee", "moved_by").in_order()
    for record in found:
        record.onboarding = onboarding
    if not found:
        raise StateConflict("Choose at least one step.")
    return list(found)


def _require_offerable(records: list[StepRecord], plan: Plan, actor: User, to: User | None) -> None:
    if to is not None and to.pk == actor.pk:
        raise StateConflict("You cannot hand a step over to yourself. To have it assigned to you, take it.")
    access = read_access(actor, records[0].onboarding)
    for record in records:
        if plan.to is None:  # asked again under the lock: a role may have gone down meanwhile
            rules.require_may_let_in(actor, record)
        require(rules.may_offer(access, record))
        if plan.access_until is None and to is not None:
            require(rules.may_receive(to, record, outside=False))
        else:
            require(rules.may_receive_outside(record))


def accept(read: Offer, *, actor: User) -> Offer:
    """Take what is offered: from now on the receiver holds it, with note and draft. Raises RequestRefused."""
    with transaction.atomic():
        found = closing.lock_offer(read)
        require(rules.may_answer(actor, found))
        records = _require_acceptable(found, actor)
        if found.is_outside:
            grants.create_grant(found, actor, records)
        for record in records:
            assign(record, actor)
        closing.close_offer(found, Offer.Status.ACCEPTED, actor)
    return found


def _require_acceptable(found: Offer, actor: User) -> list[StepRecord]:
    records = [record for record in found.records() if record.state != State.DONE]
    if not records:
        done = found.records()[0]
        raise StateConflict(
            f"“{done.definition.title}” {describe_state(done)}. There is nothing left to accept."
        )
    for record in records:
        require(rules.may_receive(actor, record, outside=found.is_outside))
        if record.assignee_id not in (None, found.from_user_id):
            since = when(record.assigned_at or record.since)
            raise StateConflict(f"{record.assignee} holds “{record.definition.title}” since {since}.")
    return records


def decline(read: Offer, *, actor: User, reason: str) -> Offer:
    """Say no, and why. Raises RequestRefused."""
    with transaction.atomic():
        found = closing.lock_offer(read)
        require(rules.may_answer(actor, found))
        closing.close_offer(found, Offer.Status.DECLINED, actor, reason)
    return found


def withdraw(read: Offer, *, actor: User, reason: str = "") -> Offer:
    """Take the offer back before it is answered. Raises RequestRefused."""
    with transaction.atomic():
        found = closing.lock_offer(read)
        require(rules.may_withdraw(actor, found))
        closing.close_offer(found, Offer.Status.WITHDRAWN, actor, reason)
    return found


def return_(read: Offer, *, actor: User, reason: str) -> Offer:
    """Give back what was accepted and is not done: to who handed it over, else to the team. Raises RequestRefused."""
    with transaction.atomic():
        found = closing.lock_offer(read)
        require(rules.may_return(actor, found))
        for record in rules.list_assigned(found, actor):
            back = rules.may_receive(found.from_user, record, outside=False) and found.from_user.is_active
            assign(record, found.from_user if back else None)
        closing.close_offer(found, Offer.Status.RETURNED, actor, reason)
        secret_sharing.destroy_unopened_of(found, actor)
        for grant in Grant.objects.in_force().filter(offer=found).select_related("user"):
            grant.onboarding = found.onboarding
            grants.close_grant(grant, actor)
    return found


def revoke(read: Grant, *, actor: User) -> Grant:
    """End an access now: its steps go back to the team, and what else is offered there to the person is withdrawn.

    Inside a transaction; raises RequestRefused.
    """
    grant = grants.lock_grant(read, actor)
    grants.demand_in_force(grant)
    offered = Offer.objects.filter(onboarding=grant.onboarding, status=Offer.Status.OFFERED)
    theirs = offered.filter(Q(to_user=grant.user) | Q(to_user=None, to_email=grant.user.email)).order_by("pk")
    closing.close_offers(
        list(theirs.with_everything()),
        Offer.Status.WITHDRAWN,
        actor,
        "The access to this onboarding was revoked.",
    )
    grants.close_grant(grant, actor)
    return grant


def withdraw_all(user: User, company: Company, *, actor: User | None, reason: str = "") -> int:
    """Close every open offer of and to a person in this company. Inside the transaction of what causes it."""
    pks = list(Onboarding.objects.filter(company=company).order_by("pk").values_list("pk", flat=True))
    onboardings = [lock_onboarding(pk) for pk in pks]
    found = Offer.objects.filter(onboarding__in=onboardings, status=Offer.Status.OFFERED)
    theirs = [each for each in found if user.pk in (each.from_user_id, each.to_user_id)]
    for each in theirs:
        closing.close_offer(closing.lock_offer(each), Offer.Status.WITHDRAWN, actor, reason)
    return len(theirs)


def expire(now: datetime | None = None) -> int:
    """Close what nobody answered in time, and every access that is past its date; one failure stops no other.

    Returns how many. What a run does not come to is for the next.
    """
    now = now or clock.now()
    offered = list(Offer.objects.past(now).order_by("expires_at").values_list("pk", flat=True))
    given = list(Grant.objects.past(now).order_by("until").values_list("pk", flat=True))
    return do_in_batches(
        Task(partial(closing.close_expired, now=now), offered, AT_ONCE),
        Task(partial(grants.close_expired, now=now), given, AT_ONCE),
        seconds=SECONDS,
    )


def address_to(user: User, invitation: Invitation) -> None:
    """Somebody outside has accepted the invitation: the offers that hang on it are theirs to answer.

    Inside the transaction of accepting.
    """
    Offer.objects.filter(invitation=invitation, to_user=None).update(to_user=user)


def withdraw_all_on(invitation: Invitation, actor: User) -> None:
    """Without the invitation nobody could answer: the offers that hang on it end.

    Inside the transaction of withdrawing it. Locks their onboardings.
    """
    open_offers = Offer.objects.filter(invitation=invitation, status=Offer.Status.OFFERED)
    for pk in sorted(set(open_offers.values_list("onboarding_id", flat=True))):
        lock_onboarding(pk)  # all of them, before anything is recorded
    for each in open_offers.order_by("onboarding_id"):
        found = closing.lock_offer(each)
        if found.status == Offer.Status.OFFERED:
            closing.close_offer(found, Offer.Status.WITHDRAWN, actor, "The invitation was withdrawn.")
