"""Letting an outside technician in to single steps: give, extend, revoke, close what is past its date.

A grant is read on every request (journey/querysets.py), so what is revoked here is dead at the next one.
"""

from datetime import datetime
from uuid import UUID

from certs import clock
from onboarding.audit.event_names import EventName
from onboarding.handover import emails, events, secret_sharing
from onboarding.handover.models import Grant, Offer
from onboarding.journey.access import read_access
from onboarding.journey.assignment import assign, lock_onboarding
from onboarding.journey.guards import may_be_assigned
from onboarding.journey.models import StepRecord
from onboarding.people.access import require_admin
from onboarding.people.decisions import StateConflict
from onboarding.people.emergency_rules import require_settled
from onboarding.people.models import Company, User
from onboarding.ui.formatting import when


def create_grant(offer: Offer, user: User, records: list[StepRecord]) -> Grant:
    """What an accepted offer to somebody outside opens; inside the transaction of the acceptance."""
    assert offer.access_until is not None
    grant = Grant.objects.create(
        onboarding=offer.onboarding,
        user=user,
        offer=offer,
        until=offer.access_until,
        given_by=offer.from_user,
    )
    grant.steps.set(records)
    events.record_grant_event(grant, offer.from_user, EventName.GRANT_CREATED)
    return grant


def extend(read: Grant, *, actor: User, until: datetime) -> Grant:
    """The access lasts until another moment. Inside a transaction; raises RequestRefused."""
    grant = _lock_grant(read, actor)
    require_settled(actor, grant.onboarding.company)
    demand_in_force(grant)
    grant.until = until
    grant.save(update_fields=["until"])
    events.record_grant_event(grant, actor, EventName.GRANT_EXTENDED)
    emails.queue_grant_extended(grant, actor)
    return grant


def revoke(read: Grant, *, actor: User) -> Grant:
    """The access ends now; the steps go back to the team. Inside a transaction; raises RequestRefused."""
    grant = _lock_grant(read, actor)
    demand_in_force(grant)
    close_grant(grant, actor)
    return grant


def demand_in_force(grant: Grant) -> None:
    """Raises RequestRefused that says who revoked it and when."""
    if grant.in_force:
        return
    by = f"{grant.revoked_by or 'The portal'} ended" if grant.revoked_at else "Its date ended"
    ended = grant.revoked_at or grant.until
    raise StateConflict(f"{by} this access on {when(ended)}. Hand the steps over again if needed.")


def close_grant(grant: Grant, actor: User | None) -> None:
    """End a grant whose onboarding is locked; what its holder still has goes back to the team."""
    records = grant.records()
    grant.revoked_at, grant.revoked_by = clock.now(), actor
    grant.save(update_fields=["revoked_at", "revoked_by"])
    left = read_access(grant.user, grant.onboarding)  # by another grant, or by a role meanwhile
    for record in records:
        theirs = record.assignee_id == grant.user_id  # a done one too: it may be opened again
        if theirs and not may_be_assigned(left, record):
            assign(record, None)
    if grant.offer is not None:
        secret_sharing.destroy_all_unopened(grant.offer, actor)
    events.record_grant_event(grant, actor, EventName.GRANT_REVOKED if actor else EventName.GRANT_ENDED)
    emails.queue_grant_ended(grant, actor)


def end_grant_of_step(record: StepRecord, user: User, actor: User) -> None:
    """A step was taken back from somebody outside: the grant for it ends too, and with the last step all of it."""
    for grant in Grant.objects.in_force().filter(user=user, steps=record).select_related("user"):
        grant.onboarding = record.onboarding
        if grant.steps.count() == 1:
            close_grant(grant, actor)
        else:
            grant.steps.remove(record)


def close_expired(pk: UUID, now: datetime) -> None:
    """Close one grant whose date is past, unless it was extended or closed meanwhile. Inside a transaction."""
    read = Grant.objects.select_related("onboarding").get(pk=pk)
    onboarding = lock_onboarding(read.onboarding_id)
    grant = Grant.objects.past(now).select_related("user").filter(pk=pk).first()
    if grant is not None:
        grant.onboarding = onboarding
        close_grant(grant, None)


def revoke_all(user: User, company: Company, *, actor: User | None) -> int:
    """End every access of a person to this company's steps. Inside a transaction."""
    found = Grant.objects.in_force().filter(user=user, onboarding__company=company)
    count = 0
    for read in found.order_by("onboarding_id"):
        onboarding = lock_onboarding(read.onboarding_id)
        grant = Grant.objects.in_force().select_related("user").filter(pk=read.pk).first()
        if grant is not None:
            grant.onboarding = onboarding
            close_grant(grant, actor)
            count += 1
    return count


def _lock_grant(read: Grant, actor: User) -> Grant:
    onboarding = lock_onboarding(read.onboarding_id)
    require_admin(actor, onboarding.company)
    grant: Grant = Grant.objects.select_related("user", "revoked_by").get(pk=read.pk)
    grant.onboarding = onboarding
    return grant
