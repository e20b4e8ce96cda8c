"""The lines that offers and grants leave in the history, in the transaction of the change.

Who is written to is in emails.py.
"""

from onboarding.audit.chain import append_events, build_event
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.handover.models import Grant, Offer
from onboarding.journey.models import StepRecord
from onboarding.people.models import User

OF_STATUS = {
    Offer.Status.OFFERED: EventName.OFFER_CREATED,
    Offer.Status.ACCEPTED: EventName.OFFER_ACCEPTED,
    Offer.Status.DECLINED: EventName.OFFER_DECLINED,
    Offer.Status.WITHDRAWN: EventName.OFFER_WITHDRAWN,
    Offer.Status.RETURNED: EventName.OFFER_RETURNED,
    Offer.Status.EXPIRED: EventName.OFFER_EXPIRED,
}


def record_offer_event(offer: Offer, actor: User | None, name: EventName | None = None, **data: str) -> None:
    """An event about an offer; its name follows from how the offer stands unless one is given."""
    append_events([build_offer_event(offer, actor, name, **data)])


def build_offer_event(offer: Offer, actor: User | None, name: EventName | None = None, **data: str) -> Event:
    """The same, not yet appended."""
    return build_event(
        name or OF_STATUS[Offer.Status(offer.status)],
        company=offer.company,
        actor=actor,
        onboarding_id=offer.onboarding_id,
        step=_only_step(offer.records()),
        data={"steps": offer.titles(), "to": offer.receiver, **data},
    )


def record_grant_event(grant: Grant, actor: User | None, name: EventName) -> None:
    """An event about a grant."""
    append_events([build_grant_event(grant, actor, name)])


def build_grant_event(grant: Grant, actor: User | None, name: EventName) -> Event:
    """The same, not yet appended."""
    return build_event(
        name,
        company=grant.onboarding.company,
        actor=actor,
        onboarding_id=grant.onboarding_id,
        step=_only_step(grant.records()),
        data={"steps": grant.titles(), "to": str(grant.user), "until": grant.until.isoformat()},
    )


def _only_step(records: list[StepRecord]) -> str:
    return records[0].slug if len(records) == 1 else ""
