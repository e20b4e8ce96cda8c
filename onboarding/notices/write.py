"""Putting a message into the outbox, in the transaction of the change it tells of.

Sending is in send.py; nothing here talks to a mail server.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.template.loader import render_to_string

from certs import clock
from onboarding.notices.models import Message
from onboarding.people.models import Company, Invitation, User

# These stand in the stored text. The links themselves are keys, made when the e-mail is sent, and never stored.
LINK = "(the link of your invitation)"
RESET_LINK = "(the link to choose a new password)"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who of which company causes an e-mail to somebody outside: such e-mails are counted (holding_back.py)."""

    person: User
    company: Company

    def counted(self, receiver: str) -> dict[str, Any]:
        """The columns of an e-mail that is not sent before holding_back.py has said when."""
        return {
            "receiver": receiver.strip().lower(),
            "company_id": self.company.pk,
            "sender_id": self.person.pk,
            "delivery": Message.Delivery.HELD,
            "next_try_at": None,
        }


def write(
    kind: str,
    *,
    key: str,
    to: Iterable[User],
    context: dict[str, Any],
    onboarding_id: UUID | None = None,
    sender: Sender | None = None,
) -> int:
    """Queue one message per person from `templates/notices/<kind>/{subject.txt,body.txt,body.html}`.

    `key` names the occasion; a second call with the same key and person writes nothing. Links demand a sign-in, and
    a message never holds a secret. With a `sender` it is counted, and may be held back. Returns how many.
    """
    rows = [
        _message(
            kind,
            f"{key}:{user.pk}",
            {**context, "user": user},
            to=user,
            onboarding_id=onboarding_id,
            **(sender.counted(user.email) if sender else {}),
        )
        for user in to
    ]
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def write_to_address(
    kind: str, *, key: str, invitation: Invitation, context: dict[str, Any], sender: Sender | None
) -> None:
    """Queue one message to an address that is invited; `{{ link }}` in its texts becomes the link when it is sent."""
    counted = sender.counted(invitation.email) if sender else {}
    message = _message(kind, key, {**context, "link": LINK}, invitation=invitation, **counted)
    Message.objects.bulk_create([message], ignore_conflicts=True)


def write_text(*, to: User, subject: str, text: str, about: str) -> None:
    """Queue a text that is worded already, such as a warning to the owner of an account; never held back."""
    key, now = f"{about}:{uuid4()}", clock.now()
    Message.objects.create(key=key, to=to, subject=subject[:200], text=text, html="", next_try_at=now)


def write_reset(*, address: str, subject: str, text: str) -> None:
    """Queue the link to choose a new password, for whoever has an account at the address when it is sent.

    Whether anybody has one is not looked up here, so the answer to whoever asks takes the same time either way.
    """
    key, address = f"password-reset:{uuid4()}", address.strip().lower()
    Message.objects.create(
        key=key, address=address, subject=subject[:200], text=text, html="", next_try_at=clock.now()
    )


def _message(kind: str, key: str, values: dict[str, Any], **columns: Any) -> Message:
    values = {**values, "base_url": settings.PORTAL.base_url}
    subject = " ".join(render_to_string(f"notices/{kind}/subject.txt", values).split())
    return Message(
        key=key[:200],
        subject=subject[:200],
        text=render_to_string(f"notices/{kind}/body.txt", values),
        html=render_to_string(f"notices/{kind}/body.html", values),
        **{"next_try_at": clock.now(), **columns},
    )
