"""Closing an offer, in the transaction of whatever ends it; the one place where its status changes.

The verbs that people use are in offers.py and claims.py.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from certs import clock
from certs.rows import update_rows
from onboarding.audit.chain import append_to_chains
from onboarding.handover import emails, events, grants
from onboarding.handover.models import Offer, OfferedStep
from onboarding.journey.assignment import lock_onboarding, lock_onboardings
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.notifications.outbox import gather_emails
from onboarding.people.models import User
from onboarding.periodic.batches import Done


def lock_offer(read: Offer) -> Offer:
    """The offer as it is now, with its onboarding locked: of two racers the second reads what the first wrote."""
    onboarding = lock_onboarding(read.onboarding_id)
    offer: Offer = Offer.objects.with_everything().select_related("answered_by", "invitation").get(pk=read.pk)
    offer.onboarding = onboarding
    return offer


def close_offer(offer: Offer, status: Offer.Status, actor: User | None, answer: str = "") -> None:
    """Write how the offer ended, free its steps for another one, tell the history and the other side."""
    close_offers([offer], status, actor, answer)


def close_offers(found: Sequence[Offer], status: Offer.Status, actor: User | None, answer: str = "") -> None:
    """The same for many, in as many statements as for one: each was read with everything, its onboarding is locked."""
    if not found:
        return
    for offer in found:
        offer.status, offer.answer = status, answer
        offer.answered_at, offer.answered_by = clock.now(), actor
    update_rows(found, ("status", "answer", "answered_at", "answered_by"))
    OfferedStep.objects.filter(offer__in=found).update(is_open=False)
    append_to_chains([events.build_offer_event(offer, actor, reason=answer) for offer in found])
    with gather_emails():
        for offer in found:
            emails.queue_answered(offer, actor)


def close_expired(pks: Sequence[UUID], *, wait: bool, now: datetime) -> Done:
    """Close offers that nobody answered in time, without those that ended meanwhile. Inside a transaction."""
    of = dict(Offer.objects.filter(pk__in=pks).values_list("pk", "onboarding"))
    locked = lock_onboardings(of.values(), wait=wait)
    free = [pk for pk in pks if of.get(pk) in locked]
    past = Offer.objects.past(now).filter(pk__in=free).values_list("pk", flat=True)
    found = list(Offer.objects.with_everything().filter(pk__in=list(past)).order_by("expires_at", "pk"))
    for offer in found:
        offer.onboarding = locked[offer.onboarding_id]
    close_offers(found, Offer.Status.EXPIRED, None)
    return Done(len(found), [pk for pk in pks if pk in of and of[pk] not in locked])


def end_handover(record: StepRecord, actor: User, reason: str) -> None:
    """The step changes hands otherwise: its open offer ends, and so does the access of an assignee from outside."""
    offered = record.offers.filter(is_open=True).first()
    if offered is not None:
        close_offer(_get_offer(offered.offer_id, record.onboarding), Offer.Status.WITHDRAWN, actor, reason)
    if record.assignee is not None:
        grants.end_grant_of_step(record, record.assignee, actor)


def expire_offers(onboarding: Onboarding, now: datetime) -> None:
    """Offers of this (locked) onboarding that nobody answered in time stand in nobody's way."""
    for pk in Offer.objects.past(now).filter(onboarding=onboarding).values_list("pk", flat=True):
        close_offer(_get_offer(pk, onboarding), Offer.Status.EXPIRED, None)


def _get_offer(pk: UUID, onboarding: Onboarding) -> Offer:
    offer: Offer = Offer.objects.with_everything().get(pk=pk)
    offer.onboarding = onboarding
    return offer
