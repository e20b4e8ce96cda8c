"""What a step's page shows of handing over: the open offer, or the way to make one, or why there is none.

The step's page is of a lower floor, which knows offers only by this tag.
"""

from typing import Any

from django import template

from onboarding.handover import rules
from onboarding.handover.models import Offer
from onboarding.journey.access import Access
from onboarding.journey.definitions import PRIMARY_ONLY, State
from onboarding.journey.guards import may_hand_over
from onboarding.journey.models import StepRecord
from onboarding.people.models import User

register = template.Library()


@register.inclusion_tag("handover/partials/handing_over.html")
def handing_over(record: StepRecord, access: Access) -> dict[str, Any]:
    """The part of a step's sidebar about handing over."""
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
