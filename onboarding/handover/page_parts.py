"""What the journey's pages show of handing over: open offers, or the way to make one, or why there is none.

These pages are of a lower room, which leaves a place for it (journey/slots.py) and knows nothing of offers.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.dispatch import receiver
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from onboarding.handover import rules
from onboarding.handover.access import offers_by_step
from onboarding.handover.models import Offer, OfferedStep
from onboarding.handover.offer_text import describe_open_offer
from onboarding.journey.access import Access
from onboarding.journey.definitions import PRIMARY_ONLY, State
from onboarding.journey.guards import may_hand_over
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.rare_parts import may_have
from onboarding.journey.signals import case_columns_requested
from onboarding.journey.slots import journey_links, step_notes, step_sidebar
from onboarding.people.models import User


@receiver(case_columns_requested)
def add_offers(now: datetime, **_: Any) -> dict[str, Exists]:
    """Whether a step of an onboarding that is read for its page is offered to somebody."""
    return {"has_offers": Exists(OfferedStep.objects.open(now).filter(offer__onboarding=OuterRef("pk")))}


@receiver(step_notes)
def render_open_offers(*, records: Sequence[StepRecord], access: Access, **_: Any) -> dict[int, SafeString]:
    """The open offers of the steps of a journey, each for the row of its step."""
    offered = _find_offers(records, access)
    return {
        record.pk: render_to_string(
            "handover/partials/open_offer.html", _describe_offer(offered[record.pk], record, access)
        )
        for record in records
        if record.pk in offered
    }


def _find_offers(records: Sequence[StepRecord], access: Access) -> dict[int, OfferedStep]:
    """Of what is over nobody asks any more, although an offer of it may still be open."""
    if not access.onboarding.is_active or not may_have(access.onboarding, "has_offers"):
        return {}
    left = [record for record in records if record.state != State.DONE]
    return offers_by_step(access, left) if left else {}


def _describe_offer(offered: OfferedStep, record: StepRecord, access: Access) -> dict[str, Any]:
    return {
        "sentence": describe_open_offer(offered, record, access.user),
        "offer": offered.offer,
        "is_readable": offered.is_readable,
        "title": record.definition.title,
    }


@receiver(step_sidebar)
def render_handing_over(*, record: StepRecord, access: Access, **_: Any) -> SafeString:
    """The part of a step's sidebar about handing over."""
    return render_to_string("handover/partials/handing_over.html", _describe_handing_over(record, access))


def _describe_handing_over(record: StepRecord, access: Access) -> dict[str, Any]:
    moving = record.onboarding.is_active and record.state in (State.OPEN, State.PROBLEM, State.WAITING)
    offered = _find_offers([record], access).get(record.pk)
    decision = may_hand_over(access, record)
    tied = moving and record.definition.who == PRIMARY_ONLY
    return {
        "record": record,
        "onboarding": record.onboarding,
        "open_offer": _describe_offer(offered, record, access) if offered else None,
        "may_hand_over": moving and bool(decision),
        "why_not": decision.sentence if tied else "",
        "returnable": _returnable(record, access.user) if moving else None,
    }


def _returnable(record: StepRecord, user: User) -> Offer | None:
    if record.assignee_id != user.pk:
        return None
    mine = Offer.objects.visible_to(user).filter(to_user=user)
    accepted = mine.filter(status=Offer.Status.ACCEPTED, steps__record=record)
    everything = accepted.select_related("onboarding", "from_user").prefetch_related("steps__record")
    found: Offer | None = everything.order_by("-answered_at").first()
    return found if found and rules.may_return(user, found) else None


@receiver(journey_links)
def render_grants_link(*, onboarding: Onboarding, access: Access, **_: Any) -> SafeString | str:
    """The link to the people from outside who were let in, for those who may see them."""
    if not access.is_admin:
        return ""
    return render_to_string("handover/partials/grants_link.html", {"onboarding": onboarding})
