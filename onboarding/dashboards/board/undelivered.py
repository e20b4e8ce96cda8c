"""Emails that have not arrived: how many the board counts, and the list of them with what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse

from onboarding.dashboards.board.access import list_undelivered, read_invited, read_onboardings
from onboarding.journey.models import Onboarding
from onboarding.notifications.delivery_status import describe_delivery
from onboarding.notifications.models import EmailDelivery, OutboxEmail
from onboarding.notifications.rendering import read_subject
from onboarding.people.models import Invitation, User
from onboarding.ui.keyset import Keyset

PER_PAGE = 50
KINDS: dict[str, tuple[str, tuple[EmailDelivery, ...]]] = {
    "failed": ("could not be sent", (EmailDelivery.FAILED,)),
    "held": ("held back by a limit", (EmailDelivery.HELD,)),
    "waiting": ("waiting to be sent", (EmailDelivery.QUEUED, EmailDelivery.SENDING)),
}
ORDERS = {kind: Keyset(f"emails-{kind}", "created_at") for kind in KINDS}
"""The oldest first: who has waited longest."""


def list_figures(counted: Mapping[str, int]) -> list[dict[str, Any]]:
    """Of the numbers by delivery one for each kind, with the address of exactly these."""
    numbers = {
        kind: sum(counted.get(each, 0) for each in deliveries) for kind, (_, deliveries) in KINDS.items()
    }
    return [
        {
            "number": numbers[kind],
            "label": words,
            "url": f"{reverse('dashboards:emails')}?{urlencode({'kind': kind})}",
            "state": "problem" if kind == "failed" and numbers[kind] else "",
        }
        for kind, (words, _) in KINDS.items()
    ]


@dataclass(frozen=True)
class UndeliveredRow:
    """One email: to whom, since when, how it stands; where its company and its onboarding are, if it has them."""

    receiver: str
    subject: str
    since: datetime
    sentence: str
    fault: str
    company: str
    url: str


@dataclass(frozen=True)
class UndeliveredPage:
    """Some of them; `mark` is empty at the end of the list."""

    rows: Sequence[UndeliveredRow]
    mark: str


def read_kind(asked: str) -> str:
    """The kind that the address asks for, else what could not be sent. Raises Http404 for one that there is not."""
    if asked not in ("", *KINDS):
        raise Http404
    return asked or "failed"


def cut_page(user: User, kind: str, mark: str) -> UndeliveredPage:
    """One page, in three queries. Raises UnknownMark."""
    page = ORDERS[kind].cut(list_undelivered(user, KINDS[kind][1]), mark, PER_PAGE)
    invited = read_invited(user, {each.invitation_id for each in page.rows if each.invitation_id})
    onboardings = read_onboardings(user, {each.onboarding_id for each in page.rows if each.onboarding_id})
    rows = [_build_row(each, invited, onboardings) for each in page.rows]
    return UndeliveredPage(rows, page.mark)


def _build_row(
    email: OutboxEmail, invited: Mapping[Any, Invitation], onboardings: Mapping[Any, Onboarding]
) -> UndeliveredRow:
    onboarding, invitation = onboardings.get(email.onboarding_id), invited.get(email.invitation_id)
    company = onboarding.company if onboarding else invitation.company if invitation else None
    url = reverse("journey:journey", args=[onboarding.code]) if onboarding else ""
    if not url and company:
        url = reverse("team:team", args=[company.slug])
    return UndeliveredRow(
        receiver=_describe_receiver(email, invitation),
        subject=read_subject(email),
        since=email.created_at,
        sentence=describe_delivery(email),
        fault=email.last_error,
        company=company.name if company else email.company_name,
        url=url,
    )


def _describe_receiver(email: OutboxEmail, invitation: Invitation | None) -> str:
    if email.to:
        return f"{email.to.name} <{email.to.email}>"
    return invitation.email if invitation else email.address or email.receiver
