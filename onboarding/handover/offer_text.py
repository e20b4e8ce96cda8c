"""What a handover's pages say: what the receiver will see and what not, and what to do first.

How an offer stands is said in rules.py.
"""

from onboarding.handover.models import Offer, OfferedStep
from onboarding.journey.models import StepRecord
from onboarding.journey.status_text import describe_status
from onboarding.journey.steps import State
from onboarding.people.models import User
from onboarding.people.role_descriptions import name_with_role
from onboarding.ui.formatting import when

VISIBLE_OUTSIDE = (
    "the company's name",
    "these steps: their guidance, what is on record, the draft and your note",
    "the CSR and the certificate, once they are there",
)
HIDDEN_OUTSIDE = (
    "the other steps and the history",
    "API key and secret, private keys and PFX files that the portal keeps",
    "the team, the company's page and its other onboardings",
)
VISIBLE_INSIDE = ("everything that their role in the company shows them already", "the draft and your note")
HIDDEN_INSIDE = (
    "your password, and what you see by it in Atlas and in the DIP: they need access of their own",
)


def describe_access(*, outside: bool) -> dict[str, tuple[str, ...]]:
    """What the receiver will see, and what not."""
    if outside:
        return {"visible": VISIBLE_OUTSIDE, "hidden": HIDDEN_OUTSIDE}
    return {"visible": VISIBLE_INSIDE, "hidden": HIDDEN_INSIDE}


def describe_first_action(record: StepRecord) -> str:
    """What the receiver does first."""
    if record.state == State.LOCKED:
        return f"Nothing yet. {describe_status(record)} You get an email then."
    return record.definition.first_action


def describe_open_offer(offered: OfferedStep, record: StepRecord, user: User) -> str:
    """Who asked whom, since when, and whose the step is meanwhile, as this person reads it.

    `offered` comes from access.offers_by_step().
    """
    offer = offered.offer
    if offer.to_user_id == user.pk:
        return (
            f"{offer.from_user} offered it to you on {when(offer.made_at)}. It stays theirs until you accept."
        )
    assignee = record.assignee or offer.from_user
    whose = "yours" if assignee.pk == user.pk else f"with {assignee}"
    receiver = name_with_role(offer.receiver, getattr(offered, "to_role", None))
    return f"Offered to {receiver} on {when(offer.made_at)}. It stays {whose} until they accept."


def until(offer: Offer) -> str:
    """The end of an offer, for the eye."""
    return when(offer.expires_at)
