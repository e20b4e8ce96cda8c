"""What the journey's pages show of handing over: the open offer, or the way to make one, or why there is none.

These pages are of a lower room, which leaves a place for it (journey/slots.py) and knows nothing of offers.
"""

from typing import Any

from django.dispatch import receiver
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from onboarding.handover import rules
from onboarding.handover.models import Offer
from onboarding.journey.access import Access
from onboarding.journey.definitions import PRIMARY_ONLY, State
from onboarding.journey.guards import may_hand_over
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.slots import journey_links, step_sidebar
from onboarding.people.models import User


@receiver(step_sidebar)
def render_handing_over(*, record: StepRecord, access: Access, **_: Any) -> SafeString:
    """The part of a step's sidebar about handing over."""
    return render_to_string("handover/partials/handing_over.html", _describe_handing_over(record, access))


def _describe_handing_over(record: StepRecord, access: Access) -> dict[str, Any]:
    user = access.user
    moving = record.onboarding.is_active and record.state in (State.OPEN, State.PROBLEM, State.WAITING)
    offered = record.offers.first_open() if moving else None
    made = offered.offer if offered else None
    sees_offer = made is not None and Offer.objects.visible_to(user).filter(pk=made.pk).exists()
    if access.is_outside and not sees_offer:
        made = None  # whom else the company asks is not theirs to know
    decision = may_hand_over(access, record)
    tied = moving and record.definition.who == PRIMARY_ONLY
    return {
        "record": record,
        "onboarding": record.onboarding,
        "offer": made,
        "sees_offer": sees_offer,
        "may_hand_over": moving and made is None and bool(decision),
        "why_not": decision.sentence if tied else "",
        "returnable": _returnable(record, user) if moving else None,
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
