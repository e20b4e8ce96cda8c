"""Several offers accepted at once: each by the move that accepts one, and what came of each.

Accepting one is in offers.py; the pages are in chosen_offer_views.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from onboarding.handover import offers
from onboarding.handover.models import Offer
from onboarding.journey.models import StepRecord
from onboarding.people.decisions import RequestRefused
from onboarding.people.models import User

MOST_AT_ONCE = 50  # offers: their ids fit into an address


@dataclass(frozen=True)
class Acceptance:
    """What came of one offer. `refusal` is a sentence; empty when it was accepted, and `steps` are the person's now."""

    offer: Offer
    steps: list[StepRecord]
    refusal: str = ""


def accept_each(chosen: Iterable[Offer], *, actor: User) -> list[Acceptance]:
    """Accept each in a transaction of its own: one that is refused does not stop the others."""
    return [_accept(each, actor) for each in chosen]


def _accept(read: Offer, actor: User) -> Acceptance:
    try:
        found = offers.accept(read, actor=actor)
    except RequestRefused as refusal:
        return Acceptance(read, [], refusal.sentence)
    return Acceptance(read, [record for record in found.records() if record.assignee_id == actor.pk])
