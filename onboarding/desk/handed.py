"""The desk's two lists about handing over: what is offered to me, and what I handed over and how it stands.

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

REMEMBERED = timedelta(days=30)  # how long an answered offer stays on the desk
MOST = 50


@dataclass(frozen=True)
class Row:
    """One sentence and one link."""

    sentence: str
    url: str
    link: str
    state: str
    since: datetime
    due: datetime | None = None


def where(onboarding: Onboarding) -> str:
    """Company and environment, as every sentence of the desk begins."""
    return f"{onboarding.company.name}, {onboarding.get_environment_display()}"


def is_asked(user: User) -> bool:
    """Whether an offer waits for this person's answer: then the desk is shown, not passed by."""
    return Offer.objects.visible_to(user).open().filter(to_user=user).exists()


def to(user: User) -> list[Row]:
    """What waits for this person's answer, what ends first at the top."""
    found = Offer.objects.visible_to(user).open().filter(to_user=user)
    return [_row(each, _asked(each)) for each in found.with_everything().order_by("expires_at")[:MOST]]


def by(user: User) -> list[Row]:
    """What this person offered: what is open, and what was answered of late."""
    since = clock.now() - REMEMBERED
    mine = Offer.objects.visible_to(user).filter(from_user=user, onboarding__status="active")
    found = mine.with_everything().order_by("-made_at")[:MOST]
    return [_row(each, _stands(each)) for each in found if (each.answered_at or each.expires_at) > since]


def _row(offer: Offer, sentence: str) -> Row:
    url = reverse("offers:offer", args=[offer.pk])
    titles = ", ".join(record.definition.title for record in offer.records())
    whole = f"{where(offer.onboarding)}: {sentence}"
    return Row(whole, url, titles, "", offer.made_at, offer.expires_at if offer.is_open else None)


def _asked(offer: Offer) -> str:
    return (
        f"{offer.from_user} offered it to you on {when(offer.made_at)}. "
        f"You can answer until {when(offer.expires_at)}."
    )


def _stands(offer: Offer) -> str:
    at = when(offer.answered_at or offer.expires_at)
    match offer.status:
        case Offer.Status.OFFERED if offer.is_open:
            return _unanswered(offer)
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


def _unanswered(offer: Offer) -> str:
    left = [record for record in offer.records() if record.state != State.DONE]
    if not left:
        return f"{offer.receiver} need not answer any more: it is done."
    return (
        f"{offer.receiver} has not answered since {when(offer.made_at)} and can until {when(offer.expires_at)}. "
        "It stays yours until then."
    )


def _now(record: StepRecord, offer: Offer) -> str:
    """How a step that was accepted stands now."""
    said = describe_status(record, offer.from_user)
    return f"“{record.definition.title}”: {said}" if len(offer.records()) > 1 else said
