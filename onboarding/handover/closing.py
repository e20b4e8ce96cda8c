"""Closing an offer, in the transaction of whatever ends it; the one place where its status changes.

The verbs that people use are in offers.py and claims.py.
"""

from datetime import datetime
from uuid import UUID

from certs import clock
from onboarding.handover import emails, events, grants
from onboarding.handover.models import Offer
from onboarding.journey.assignment import lock_onboarding
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.people.models import User


def lock_offer(read: Offer) -> Offer:
    """The offer as it is now, with its onboarding locked: of two racers the second reads what the first wrote."""
    onboarding = lock_onboarding(read.onboarding_id)
    offer: Offer = Offer.objects.with_everything().select_related("answered_by", "invitation").get(pk=read.pk)
    offer.onboarding = onboarding
    return offer


def close_offer(offer: Offer, status: Offer.Status, actor: User | None, answer: str = "") -> None:
    """Write how the offer ended, free its steps for another one, tell the history and the other side."""
    offer.status, offer.answer = status, answer
    offer.answered_at, offer.answered_by = clock.now(), actor
    offer.save(update_fields=["status", "answer", "answered_at", "answered_by"])
    offer.steps.update(is_open=False)
    events.record_offer_event(offer, actor, reason=answer)
    emails.queue_answered(offer, actor)


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
