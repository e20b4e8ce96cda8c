"""Putting an email into the outbox, in the transaction of the change it tells of: its kind and its facts.

Its words are made in rendering.py when it is sent, by sending.py; nothing here talks to a mail server.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID, uuid4

from certs import clock
from onboarding.notifications.fact_encoding import encode_facts
from onboarding.notifications.models import UNRENDERED, OutboxEmail

AT_ONCE = 500  # emails in one statement
_gathered: ContextVar[list[OutboxEmail] | None] = ContextVar("gathered emails", default=None)

# These stand in the stored text. The links themselves are keys, made when the email is sent, and never stored.
LINK = "(the link of your invitation)"
RESET_LINK = "(the link to choose a new password)"
WELCOME = "welcome:"  # how the keys of emails begin whose link is good for a first password
PASSWORD_RESET = "password-reset:"  # noqa: S105  how those of emails with a link to a new password begin
NOBODY = {"name": "", "is_ops": False}  # the `user` of an email to an address, whose name is not known


class Recipient(Protocol):
    """Whoever an email is written to: the rooms above give their users, which this room does not import."""

    @property
    def pk(self) -> Any: ...
    @property
    def email(self) -> Any: ...
    @property
    def name(self) -> Any: ...
    @property
    def is_ops(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Sender:
    """Who of which company causes an email to somebody outside: such emails are counted (sending_limits.py)."""

    person_id: UUID
    company_id: UUID
    company_name: str

    def count_columns(self, receiver: str) -> dict[str, Any]:
        """The columns of an email that is not sent before sending_limits.py has said when."""
        return {
            "receiver": receiver.strip().lower(),
            "company_id": self.company_id,
            "company_name": self.company_name,
            "sender_id": self.person_id,
            "delivery": OutboxEmail.Delivery.HELD,
            "next_try_at": None,
        }


def queue_email(
    kind: str,
    *,
    key: str,
    to: Iterable[Recipient],
    facts: dict[str, Any],
    onboarding_id: UUID | None = None,
    sender: Sender | None = None,
) -> int:
    """Queue one email per person; its words are made of `facts` by `templates/notifications/<kind>/` when it is sent.

    `key` names the occasion; a second call with the same key and person writes nothing. Facts are plain values as they
    are now (TypeError for any other), and never a secret; links demand a sign-in. The receiver is the fact `user`, a
    name and whether it is ops. With a `sender` it is counted, and may be held back. Returns how many.
    """
    encoded = encode_facts(facts)
    rows = [
        _build_row(
            kind,
            f"{key}:{user.pk}",
            {**encoded, "user": encode_facts({"name": user.name, "is_ops": user.is_ops})},
            to_id=user.pk,
            onboarding_id=onboarding_id,
            **(sender.count_columns(user.email) if sender else {}),
        )
        for user in to
    ]
    _store(rows)
    return len(rows)


@contextmanager
def gather_emails() -> Iterator[None]:
    """What queue_email() is given meanwhile is stored together at the end; nothing of it where the end is an error."""
    rows: list[OutboxEmail] = []
    token = _gathered.set(rows)
    try:
        yield
    finally:
        _gathered.reset(token)
    _store(rows)


def _store(rows: list[OutboxEmail]) -> None:
    gathered = _gathered.get()
    if gathered is not None:
        gathered += rows
    elif rows:
        OutboxEmail.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)


def queue_invitation_email(
    *, key: str, invitation_id: UUID, address: str, facts: dict[str, Any], sender: Sender | None
) -> None:
    """Queue one email to an address that is invited; `{{ link }}` in its texts becomes the link when it is sent."""
    counted = sender.count_columns(address) if sender else {}
    email = build_email("invitation", key, {**facts, "link": LINK}, invitation_id=invitation_id, **counted)
    OutboxEmail.objects.bulk_create([email], ignore_conflicts=True)


def queue_plain_email(*, to: Recipient, subject: str, text: str, about: str) -> None:
    """Queue a text that is worded already, such as a warning to the owner of an account; never held back."""
    key, now = f"{about}:{uuid4()}", clock.now()
    OutboxEmail.objects.create(
        key=key, to_id=to.pk, subject=subject[:200], text=text, html="", next_try_at=now
    )


def queue_password_reset(*, address: str, subject: str, text: str) -> None:
    """Queue the link to choose a new password, for whoever has an account at the address when it is sent.

    Whether anybody has one is not looked up here, so the answer to whoever asks takes the same time either way.
    """
    key, address = f"{PASSWORD_RESET}{uuid4()}", address.strip().lower()
    OutboxEmail.objects.create(
        key=key, address=address, subject=subject[:200], text=text, html="", next_try_at=clock.now()
    )


def queue_welcome(*, address: str, facts: dict[str, Any]) -> None:
    """Queue the link to a first password, for whoever has the account at the address when it is sent.

    Of an address that is corrected before that, the email goes to nobody. `{{ link }}` in its texts becomes the link.
    """
    values = {**facts, "link": RESET_LINK}
    build_email("welcome", f"{WELCOME}{uuid4()}", values, address=address.strip().lower()).save()


def build_email(kind: str, key: str, facts: dict[str, Any], **columns: Any) -> OutboxEmail:
    """An email of this kind to an address, not stored yet; `columns` say to which, and when. Raises TypeError."""
    return _build_row(kind, key, encode_facts({"user": NOBODY, **facts}), **columns)


def _build_row(kind: str, key: str, encoded: dict[str, Any], **columns: Any) -> OutboxEmail:
    return OutboxEmail(
        key=key[:200],
        kind=kind,
        facts=encoded,
        subject=UNRENDERED,
        **{"next_try_at": clock.now(), **columns},
    )
