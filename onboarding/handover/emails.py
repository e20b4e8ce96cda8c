"""Who is written to when an offer or a grant changes: the handover's side of the outbox.

Texts are in templates/notifications/; somebody who has no account yet is written to by people/invitations.py.
"""

from typing import Any

from django.urls import reverse

from certs import clock
from certs.models import SharedSecret
from onboarding.handover.models import Grant, Offer
from onboarding.journey.email_facts import describe_onboarding
from onboarding.notifications.outbox import Sender, queue_email
from onboarding.people.access import admins_of
from onboarding.people.models import User

# What of an offer each email says, beside its steps.
_OF_OFFER = {
    "offer": ("from_user", "reason", "expires_at"),
    "offer-accepted": ("to_user",),
    "offer-declined": ("receiver", "from_user", "answer"),
    "offer-expired": ("receiver", "from_user"),
    "offer-returned": ("receiver", "answer"),
    "offer-withdrawn": ("receiver", "from_user", "answer"),
    "secret-passed": ("from_user",),
    "secret-opened": ("to_user", "from_user"),
    "secret-not-opened": ("to_user",),
}


def queue_offered(offer: Offer) -> None:
    """The receiver learns what is offered, by whom, why and until when."""
    if offer.to_user is not None:
        _queue_about_offer(offer, "offer", [offer.to_user], by=offer.from_user)


def queue_answered(offer: Offer, actor: User | None) -> None:
    """Whoever did not act learns of it: accepted, declined, withdrawn, returned or expired."""
    sides = [offer.from_user] + ([offer.to_user] if offer.to_user else [])
    to = {user.pk: user for user in sides if actor is None or user.pk != actor.pk}
    _queue_about_offer(offer, f"offer-{offer.status}", list(to.values()), by=actor)


def _queue_about_offer(offer: Offer, kind: str, to: list[User], *, by: User | None) -> None:
    facts = _describe_offer(offer, kind)
    if kind == "offer-withdrawn":
        facts["actor"] = by and str(by)
    key = f"{kind}:{offer.pk}"
    for user in (each for each in to if each.is_active):
        outside = offer.is_outside and user.pk == offer.to_user_id
        queue_email(
            kind,
            key=key,
            to=[user],
            facts=facts,
            onboarding_id=offer.onboarding_id,
            sender=Sender(by.pk, offer.company_id, offer.company.name) if by and outside else None,
        )


def _describe_offer(offer: Offer, kind: str) -> dict[str, Any]:
    told = {name: getattr(offer, name) for name in _OF_OFFER[kind]}
    return {
        "offer": {name: str(value) if isinstance(value, User) else value for name, value in told.items()},
        "onboarding": describe_onboarding(offer.onboarding),
        "titles": offer.titles(),
        "path": reverse("offers:offer", args=[offer.pk]),
    }


def queue_secret_shared(offer: Offer, row: SharedSecret) -> None:
    """The receiver learns that a secret waits, and until when; never what it is made of."""
    if offer.to_user is not None:
        _queue_about_secret(offer, row, "secret-passed", offer.to_user)


def queue_secret_opened(offer: Offer, row: SharedSecret) -> None:
    """The sender and the company's Certificate Admins learn who opened it."""
    to = {user.pk: user for user in (offer.from_user, *admins_of(offer.company)) if str(user.pk) != row.to_id}
    for user in to.values():
        _queue_about_secret(offer, row, "secret-opened", user)


def queue_secret_not_opened(offer: Offer, row: SharedSecret) -> None:
    """The sender learns that nobody opened it in time."""
    _queue_about_secret(offer, row, "secret-not-opened", offer.from_user)


def _queue_about_secret(offer: Offer, row: SharedSecret, kind: str, to: User) -> None:
    facts = {**_describe_offer(offer, kind), "what": row.get_what_display(), "expires_at": row.expires_at}
    if to.is_active:
        queue_email(
            kind,
            key=f"{kind}:{row.pk}:{to.pk}",
            to=[to],
            facts=facts,
            onboarding_id=offer.onboarding_id,
        )


def queue_grant_extended(grant: Grant, actor: User) -> None:
    """The outside technician learns how long the access lasts now."""
    key = f"grant-extended:{grant.pk}:{clock.now().isoformat()}"  # there and back again is three letters
    path = reverse("journey:journey", args=[grant.onboarding.code])
    _queue_about_grant(grant, "grant-extended", key, path, actor, until=grant.until)


def queue_grant_ended(grant: Grant, actor: User | None) -> None:
    """The outside technician learns that the access has ended."""
    _queue_about_grant(grant, "grant-ended", f"grant-ended:{grant.pk}", "/?stay", actor)


def _queue_about_grant(
    grant: Grant, kind: str, key: str, path: str, actor: User | None, **facts: Any
) -> None:
    facts |= {
        "onboarding": describe_onboarding(grant.onboarding),
        "titles": grant.titles(),
        "path": path,
        "actor": actor and str(actor),
    }
    onboarding = grant.onboarding
    sender = Sender(actor.pk, onboarding.company_id, onboarding.company.name) if actor is not None else None
    queue_email(kind, key=key, to=[grant.user], facts=facts, onboarding_id=onboarding.pk, sender=sender)
