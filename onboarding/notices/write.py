"""Putting a message into the outbox, in the transaction of the change it tells of.

Sending is in send.py; nothing here talks to a mail server.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string

from certs import clock
from onboarding.notices.models import Message
from onboarding.people.models import Invitation, User

LINK = (
    "(the link of your invitation)"  # stands in the stored text; the link itself is a key and is not stored
)


def write(
    kind: str, *, key: str, to: Iterable[User], context: dict[str, Any], onboarding_id: UUID | None = None
) -> int:
    """Queue one message per person from `templates/notices/<kind>/{subject.txt,body.txt,body.html}`.

    `key` names the occasion; a second call with the same key and person writes nothing. Links demand a sign-in, and
    a message never holds a secret. Returns how many were asked for.
    """
    rows = [
        _message(kind, f"{key}:{user.pk}", {**context, "user": user}, to=user, onboarding_id=onboarding_id)
        for user in to
    ]
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def write_to_address(kind: str, *, key: str, invitation: Invitation, context: dict[str, Any]) -> None:
    """Queue one message to an address that is invited; `{{ link }}` in its texts becomes the link when it is sent."""
    message = _message(kind, key, {**context, "link": LINK}, invitation=invitation)
    Message.objects.bulk_create([message], ignore_conflicts=True)


def _message(kind: str, key: str, values: dict[str, Any], **columns: Any) -> Message:
    values = {**values, "base_url": settings.PORTAL.base_url}
    subject = " ".join(render_to_string(f"notices/{kind}/subject.txt", values).split())
    return Message(
        key=key[:200],
        subject=subject[:200],
        text=render_to_string(f"notices/{kind}/body.txt", values),
        html=render_to_string(f"notices/{kind}/body.html", values),
        next_try_at=clock.now(),
        **columns,
    )
