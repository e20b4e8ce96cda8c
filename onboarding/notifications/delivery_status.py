"""How an email stands, in a sentence for whoever caused it.

Sending is in sending.py; when a counted email leaves is decided in sending_limits.py.
"""

from collections.abc import Iterable
from uuid import UUID

from onboarding.notifications import sending_limits
from onboarding.notifications.models import OutboxEmail
from onboarding.ui.formatting import when

Delivery = OutboxEmail.Delivery
QUEUED = "The email leaves in a moment."
AGAIN = "The mail server has not taken the email yet. The portal tries again."
FAILED = "The email could not be sent. Check the address, then send it again."


def describe_delivery(email: OutboxEmail) -> str:
    """The sentence; empty for an email that is not needed any more."""
    if email.delivery == Delivery.HELD:
        return _describe_held_back(email.gathered_into or email, gathered=email.gathered_into is not None)
    if email.delivery == Delivery.SENT and email.sent_at:
        return f"The email was sent on {when(email.sent_at)}."
    if email.delivery == Delivery.FAILED:
        return FAILED
    if email.delivery == Delivery.DROPPED:
        return ""
    return AGAIN if email.last_error else QUEUED


def _describe_held_back(first: OutboxEmail, *, gathered: bool) -> str:
    if first.delivery != Delivery.HELD or not first.held_back_by:
        return QUEUED
    until = f"until {when(first.leaves_at)}" if first.leaves_at else "for more than a day"
    together = " It goes together with another email that waits already." if gathered else ""
    return f"The email waits {until}, because {first.get_held_back_by_display()}.{together}"


def describe_new_email(receiver: str, company_id: UUID) -> str:
    """After a move, outside its transaction: why and until when its email waits; empty if it does not."""
    sending_limits.plan_counted_emails()
    return describe_held_back_email(receiver, company_id)


def describe_held_back_email(receiver: str, company_id: UUID) -> str:
    """Why and until when the newest email of a company to an address waits; empty if it does not."""
    newest = sending_limits.find_newest_email(receiver, company_id)
    return describe_delivery(newest) if newest is not None and newest.delivery == Delivery.HELD else ""


def describe_invitation_emails(invitation_ids: Iterable[UUID]) -> dict[UUID, str]:
    """For each invitation how its newest email stands."""
    rows = OutboxEmail.objects.filter(invitation_id__in=list(invitation_ids))
    newest = {row.invitation_id: row for row in rows.select_related("gathered_into").order_by("pk")}
    return {pk: describe_delivery(row) for pk, row in newest.items() if pk is not None}
