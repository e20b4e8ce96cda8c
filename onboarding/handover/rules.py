"""May this be offered, and to whom? A yes, or a sentence that says why not and what to do instead.

What may be done to a step as such is asked in journey/guards.py.
"""

from onboarding.handover.models import Offer
from onboarding.journey import guards
from onboarding.journey.access import Access, read_access
from onboarding.journey.models import StepRecord
from onboarding.journey.steps import State
from onboarding.people.access import require_admin, role_in
from onboarding.people.decisions import ALLOWED, Decision, Reason
from onboarding.people.emergency_rules import require_settled
from onboarding.people.models import ADMINS, Role, User
from onboarding.ui.formatting import when


def may_offer(access: Access, record: StepRecord) -> Decision:
    """May this person offer this step now? Who has the right to it reads to whom it is offered already."""
    offered = record.offers.first_open() if guards.may_be_assigned(access, record) else None
    if offered is None:
        return guards.may_hand_over(access, record)
    made = offered.offer
    return Decision.refuse(
        f"{made.from_user} offered “{record.definition.title}” to {made.receiver} on {when(made.made_at)}. "
        "Withdraw that offer first.",
        Reason.STATE,
    )


def may_receive(user: User, record: StepRecord, *, outside: bool) -> Decision:
    """Has this person, at this moment, the right to do the step that is handed over?"""
    access = read_access(user, record.onboarding)
    if outside and access.role is None:
        if user.is_ops:
            return Decision.refuse("Ops do no steps of a company.", Reason.PERMISSION)
        return may_receive_outside(record)
    decision = guards.may_be_assigned(access, record)
    if decision:
        return ALLOWED
    return Decision.refuse(
        f"“{record.definition.title}” is for {record.definition.who_words()}. {user} is not one at the moment.",
        Reason.PERMISSION,
    )


def may_receive_outside(record: StepRecord) -> Decision:
    """Can this step be done from outside the company? Technical ones can."""
    if Role.TECHNICIAN in record.definition.who:
        return ALLOWED
    return Decision.refuse(
        f"“{record.definition.title}” is for {record.definition.who_words()} of {record.onboarding.company.name}, "
        "so it cannot go to somebody outside. Invite the person to the team as Certificate Admin first, in the DIP and "
        "in Atlas too.",
        Reason.PERMISSION,
    )


def require_may_let_in(actor: User, record: StepRecord) -> None:
    """Letting somebody from outside in is for Certificate Admins. Raises RequestRefused."""
    require_admin(actor, record.onboarding.company)
    require_settled(actor, record.onboarding.company)


def may_answer(user: User, offer: Offer) -> Decision:
    """May this person accept or decline? Only the receiver, once, in time."""
    if offer.to_user_id != user.pk:
        return Decision.refuse(f"Only {offer.receiver} can answer this offer.", Reason.PERMISSION)
    return can_be_answered(offer)


def may_withdraw(user: User, offer: Offer) -> Decision:
    """May this person withdraw the offer? Who made it, or any Certificate Admin of the company."""
    if user.pk != offer.from_user_id and role_in(user, offer.company) not in ADMINS:
        return Decision.refuse(
            f"Only {offer.from_user} or a Certificate Admin of {offer.company.name} can withdraw it.",
            Reason.PERMISSION,
        )
    return can_be_answered(offer)


def may_return(user: User, offer: Offer) -> Decision:
    """May this person give back what was accepted, as far as it is not done?"""
    if offer.to_user_id != user.pk:
        return Decision.refuse(f"Only {offer.receiver} can return what was handed over.", Reason.PERMISSION)
    if offer.status != Offer.Status.ACCEPTED:
        return Decision.refuse(describe_offer(offer), Reason.STATE)
    if not offer.onboarding.is_active:
        return Decision.refuse("This onboarding has ended; nothing can be changed.", Reason.STATE)
    if not list_assigned(offer, user):
        return Decision.refuse(
            "You hold none of these steps any more, so there is nothing to return.", Reason.STATE
        )
    return ALLOWED


def list_assigned(offer: Offer, user: User) -> list[StepRecord]:
    """The steps of an offer that this person still holds and has not done."""
    return [r for r in offer.records() if r.assignee_id == user.pk and r.state != State.DONE]


def can_be_answered(offer: Offer) -> Decision:
    """Can this offer still be answered or withdrawn?"""
    if offer.is_open and offer.onboarding.is_active:
        return ALLOWED
    return Decision.refuse(describe_offer(offer), Reason.STATE)


def describe_offer(offer: Offer) -> str:
    """How an offer stands: who did what, and when."""
    if not offer.onboarding.is_active:
        return f"The onboarding is {offer.onboarding.get_status_display().lower()}, so there is nothing to hand over."
    at = when(offer.answered_at) if offer.answered_at else ""
    by = str(offer.answered_by or "The portal")
    match offer.status:
        case Offer.Status.OFFERED if offer.is_open:
            return f"{offer.receiver} can answer until {when(offer.expires_at)}."
        case Offer.Status.OFFERED | Offer.Status.EXPIRED:
            return f"The offer ended without an answer on {_ended(offer)}. Ask for a new one if it is still needed."
        case _:
            verb = (
                "withdrew" if offer.status == Offer.Status.WITHDRAWN else offer.get_status_display().lower()
            )
            return f"{by} {verb} this offer on {at}."


def _ended(offer: Offer) -> str:
    """When an unanswered offer ended."""
    return when(min(offer.expires_at, offer.answered_at or offer.expires_at))
