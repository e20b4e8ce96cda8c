"""How an e-mail stands, in a sentence for whoever caused it.

Sending is in send.py; when a counted e-mail leaves is decided in holding_back.py.
"""

from collections.abc import Iterable
from uuid import UUID

from onboarding.notices import holding_back
from onboarding.notices.models import Message
from onboarding.people.models import Company, Invitation
from onboarding.ui.formatting import when

Delivery = Message.Delivery
QUEUED = "The e-mail leaves in a moment."
AGAIN = "The mail server has not taken the e-mail yet. The portal tries again."
FAILED = "The e-mail could not be sent. Check the address, then send it again."


def describe(message: Message) -> str:
    """The sentence; empty for an e-mail that is not needed any more."""
    if message.delivery == Delivery.HELD:
        return _waits(message.gathered_into or message, gathered=message.gathered_into is not None)
    if message.delivery == Delivery.SENT and message.sent_at:
        return f"The e-mail was sent on {when(message.sent_at)}."
    if message.delivery == Delivery.FAILED:
        return FAILED
    if message.delivery == Delivery.DROPPED:
        return ""
    return AGAIN if message.last_error else QUEUED


def _waits(first: Message, *, gathered: bool) -> str:
    if first.delivery != Delivery.HELD or not first.held_by:
        return QUEUED
    until = f"until {when(first.leaves_at)}" if first.leaves_at else "for more than a day"
    together = " It goes together with another e-mail that waits already." if gathered else ""
    return f"The e-mail waits {until}, because {first.get_held_by_display()}.{together}"


def of_what_was_written(receiver: str, company: Company) -> str:
    """After a move, outside its transaction: why and until when its e-mail waits; empty if it does not."""
    holding_back.plan()
    return of_what_waits(receiver, company)


def of_what_waits(receiver: str, company: Company) -> str:
    """Why and until when the newest e-mail of a company to an address waits; empty if it does not."""
    newest = holding_back.newest(receiver, company.pk)
    return describe(newest) if newest is not None and newest.delivery == Delivery.HELD else ""


def of_invitations(invitations: Iterable[Invitation]) -> dict[UUID, str]:
    """For each invitation how its newest e-mail stands."""
    rows = Message.objects.filter(invitation__in=[each.pk for each in invitations])
    newest = {row.invitation_id: row for row in rows.select_related("gathered_into").order_by("pk")}
    return {pk: describe(row) for pk, row in newest.items() if pk is not None}
