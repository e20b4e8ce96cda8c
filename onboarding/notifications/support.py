"""Emails to the people who run the portal, at the address that the operator names (SUPPORT_EMAIL).

They have no account of their own: where an email goes is read when it is sent, so an address that was changed
meanwhile counts, and one that was taken out gets nothing.
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.dispatch import receiver

from onboarding.notifications.models import OutboxEmail
from onboarding.notifications.outbox import build_email
from onboarding.notifications.signals import LateLink, link_needed

KEY = "support:"


def queue_support_email(
    kind: str, *, key: str, facts: dict[str, Any], onboarding_id: UUID | None = None
) -> None:
    """Queue one email of this kind to the support address; does nothing where none is set.

    `key` names the occasion: a second call with the same one writes nothing.
    """
    address = settings.PORTAL.support_email
    if address:
        email = build_email(kind, f"{KEY}{kind}:{key}", facts, address=address, onboarding_id=onboarding_id)
        OutboxEmail.objects.bulk_create([email], ignore_conflicts=True)


@receiver(link_needed)
def find_support_address(*, email: OutboxEmail, **_: Any) -> LateLink | None:
    """Where such an email goes now; None for other emails, and where no address is set any more."""
    address = settings.PORTAL.support_email
    return LateLink(address, "") if address and email.key.startswith(KEY) else None
