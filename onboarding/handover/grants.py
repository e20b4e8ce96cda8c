"""Letting an outside technician in to single steps: give, extend, close what is past its date.

Revoking an access ends offers, too: it is in offers.py.

A grant is read on every request (journey/querysets.py), so what is revoked here is dead at the next one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import prefetch_related_objects

from certs import clock
from certs.rows import update_rows
from onboarding.audit.chain import append_to_chains
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.handover import emails, events, secret_sharing
from onboarding.handover.models import Grant, Offer
from onboarding.handover.secret_sharing import Unopened
from onboarding.journey.access import read_accesses
from onboarding.journey.assignment import lock_onboarding, lock_onboardings, unassign
from onboarding.journey.guards import may_be_assigned
from onboarding.journey.models import StepRecord
from onboarding.notifications.outbox import gather_emails
from onboarding.people.access import require_admin
from onboarding.people.decisions import StateConflict
from onboarding.people.emergency_rules import require_settled
from onboarding.people.models import Company, User
from onboarding.periodic.batches import Done
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
    grant = lock_grant(read, actor)
    require_settled(actor, grant.onboarding.company)
    demand_in_force(grant)
    grant.until = until
    grant.save(update_fields=["until"])
    events.record_grant_event(grant, actor, EventName.GRANT_EXTENDED)
    emails.queue_grant_extended(grant, actor)
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
    close_grants([grant], actor)


def close_grants(found: Sequence[Grant], actor: User | None) -> None:
    """The same for many, in as many statements as for one: of each onboarding and user are read along."""
    if not found:
        return
    prefetch_related_objects(found, "steps")
    for grant in found:
        grant.revoked_at, grant.revoked_by = clock.now(), actor
    update_rows(found, ("revoked_at", "revoked_by"))
    _unassign_steps(found)
    handovers = {grant.offer_id for grant in found if grant.offer_id is not None}
    unopened = secret_sharing.destroy_all_unopened(handovers)
    name = EventName.GRANT_REVOKED if actor else EventName.GRANT_ENDED
    append_to_chains([event for grant in found for event in _build_events(grant, actor, name, unopened)])
    with gather_emails():
        for grant in found:
            emails.queue_grant_ended(grant, actor)


def _unassign_steps(found: Iterable[Grant]) -> None:
    # A done one too: it may be opened again.
    theirs = [(g, record) for g in found for record in g.records() if record.assignee_id == g.user_id]
    if theirs:  # what is left to them: by another grant, or by a role meanwhile
        left = read_accesses((grant.user, grant.onboarding) for grant, _ in theirs)
        records = ((access, record) for access, (_, record) in zip(left, theirs, strict=True))
        unassign(record for access, record in records if not may_be_assigned(access, record))


def _build_events(
    grant: Grant, actor: User | None, name: EventName, unopened: Mapping[UUID, list[Unopened]]
) -> Iterator[Event]:
    if grant.offer_id is not None:
        yield from (each.build_withdrawn_event(actor) for each in unopened.get(grant.offer_id, ()))
    yield events.build_grant_event(grant, actor, name)


def end_grant_of_step(record: StepRecord, user: User, actor: User) -> None:
    """A step was taken back from somebody outside: the grant for it ends too, and with the last step all of it."""
    for grant in Grant.objects.in_force().filter(user=user, steps=record).select_related("user"):
        grant.onboarding = record.onboarding
        if grant.steps.count() == 1:
            close_grant(grant, actor)
        else:
            grant.steps.remove(record)


def close_expired(pks: Sequence[UUID], *, wait: bool, now: datetime) -> Done:
    """Close grants whose date is past, without those that were extended or closed meanwhile. Inside a transaction."""
    of = dict(Grant.objects.filter(pk__in=pks).values_list("pk", "onboarding"))
    locked = lock_onboardings(of.values(), wait=wait)
    free = [pk for pk in pks if of.get(pk) in locked]
    found = list(Grant.objects.past(now).select_related("user").filter(pk__in=free).order_by("until", "pk"))
    for grant in found:
        grant.onboarding = locked[grant.onboarding_id]
    close_grants(found, None)
    return Done(len(found), [pk for pk in pks if pk in of and of[pk] not in locked])


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


def lock_grant(read: Grant, actor: User) -> Grant:
    """The grant as it is now, its onboarding locked, for an admin of the company. Raises RequestRefused."""
    onboarding = lock_onboarding(read.onboarding_id)
    require_admin(actor, onboarding.company)
    grant: Grant = Grant.objects.select_related("user", "revoked_by").get(pk=read.pk)
    grant.onboarding = onboarding
    return grant
