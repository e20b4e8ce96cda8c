"""The two lists of Your tasks about handing over: what is offered to me, and what I handed over and how it stands.

Offers are made and answered in handover/.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from certs import clock
from onboarding.handover.models import Offer
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.status_text import describe_status
from onboarding.journey.steps import State
from onboarding.people.models import User
from onboarding.ui.formatting import when

SHOWN_FOR = timedelta(days=30)  # how long an answered offer stays on the page
MAX_ROWS = 50


@dataclass(frozen=True)
class TaskLink:
    """One sentence and one link."""

    sentence: str
    url: str
    link: str
    state: str
    since: datetime
    due: datetime | None = None


def describe_place(onboarding: Onboarding) -> str:
    """Company and environment, as every sentence of these lists begins."""
    return f"{onboarding.company.name}, {onboarding.get_environment_display()}"


def has_open_offer(user: User) -> bool:
    """Whether an offer waits for this person's answer: then Your tasks are shown, not passed by."""
    return Offer.objects.visible_to(user).open().filter(to_user=user).exists()


def list_offers_to(user: User) -> list[TaskLink]:
    """What waits for this person's answer, what ends first at the top."""
    found = Offer.objects.visible_to(user).open().filter(to_user=user)
    return [
        _row(each, _describe_received(each))
        for each in found.with_everything().order_by("expires_at")[:MAX_ROWS]
    ]


def list_offers_from(user: User) -> list[TaskLink]:
    """What this person offered: what is open, and what was answered of late."""
    since = clock.now() - SHOWN_FOR
    mine = Offer.objects.visible_to(user).filter(from_user=user, onboarding__status=Onboarding.Status.ACTIVE)
    found = mine.with_everything().order_by("-made_at")[:MAX_ROWS]
    return [
        _row(each, _describe_sent(each)) for each in found if (each.answered_at or each.expires_at) > since
    ]


def _row(offer: Offer, sentence: str) -> TaskLink:
    url = reverse("offers:offer", args=[offer.pk])
    titles = ", ".join(record.definition.title for record in offer.records())
    sentence_in_full = f"{describe_place(offer.onboarding)}: {sentence}"
    return TaskLink(
        sentence_in_full, url, titles, "", offer.made_at, offer.expires_at if offer.is_open else None
    )


def _describe_received(offer: Offer) -> str:
    return (
        f"{offer.from_user} offered it to you on {when(offer.made_at)}. "
        f"You can answer until {when(offer.expires_at)}."
    )


def _describe_sent(offer: Offer) -> str:
    at = when(offer.answered_at or offer.expires_at)
    match offer.status:
        case Offer.Status.OFFERED if offer.is_open:
            return _describe_unanswered(offer)
        case Offer.Status.ACCEPTED:
            return f"{offer.receiver} accepted on {at}. {' '.join(_now(r, offer) for r in offer.records())}"
        case Offer.Status.DECLINED:
            return f"{offer.receiver} declined on {at}: {offer.answer}"
        case Offer.Status.RETURNED:
            return f"{offer.receiver} returned it on {at}: {offer.answer}"
        case Offer.Status.WITHDRAWN:
            return f"The offer to {offer.receiver} was withdrawn on {at}."
        case _:
            return f"{offer.receiver} did not answer by {at}."


def _describe_unanswered(offer: Offer) -> str:
    left = [record for record in offer.records() if record.state != State.DONE]
    if not left:
        return f"{offer.receiver} need not answer any more: it is done."
    return (
        f"{offer.receiver} has not answered since {when(offer.made_at)} and can until {when(offer.expires_at)}. "
        "It stays yours until then."
    )


def _now(record: StepRecord, offer: Offer) -> str:
    """How a step that was accepted stands now."""
    sentence = describe_status(record, offer.from_user)
    return f"“{record.definition.title}”: {sentence}" if len(offer.records()) > 1 else sentence
