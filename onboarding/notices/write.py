"""Putting a message into the outbox, in the transaction of the change it tells of.

Sending is in send.py; nothing here talks to a mail server.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from onboarding.notices.models import Message
from onboarding.people.models import User


def write(
    kind: str, *, key: str, to: Iterable[User], context: dict[str, Any], onboarding_id: UUID | None = None
) -> int:
    """Queue one message per person from `templates/notices/<kind>/{subject.txt,body.txt,body.html}`.

    `key` names the occasion; a second call with the same key and person writes nothing. Links demand a sign-in, and
    a message never holds a secret. Returns how many were asked for.
    """
    rows = []
    for user in to:
        values = {**context, "user": user, "base_url": settings.PORTAL.base_url}
        subject = " ".join(render_to_string(f"notices/{kind}/subject.txt", values).split())
        rows.append(
            Message(
                key=f"{key}:{user.pk}"[:200],
                to=user,
                onboarding_id=onboarding_id,
                subject=subject[:200],
                text=render_to_string(f"notices/{kind}/body.txt", values),
                html=render_to_string(f"notices/{kind}/body.html", values),
                next_try_at=timezone.now(),
            )
        )
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
