"""Many emails in one task, over a connection that is kept: each claimed right before it is sent, on record right after.

So a worker that dies leaves one email in doubt, the one that it was sending. What is done with one email is in
sending.py.
"""

from collections.abc import Callable
from contextlib import suppress

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from certs.turns import Turn
from onboarding.notifications import sending

EMAILS_PER_CONNECTION = 20  # servers end longer ones


def send_due(hand_over: Callable[[int], object], turn: Turn | None = None) -> int:
    """Send what is due until nothing is, or the turn is over. Returns how many emails were tried or handed over.

    `hand_over` has an email sent by a task of its own: one whose last try ended with its worker takes no others along.
    """
    turn, seen, sender = turn or Turn(), set[int](), _Sender()
    try:
        while due := [(pk, deaths) for pk, deaths in sending.list_due() if pk not in seen]:
            for pk, deaths in due:
                seen.add(pk)
                hand_over(pk) if deaths else sender.send(pk)
                if turn.is_over():
                    return len(seen)
    finally:
        sender.close()
    return len(seen)


class _Sender:
    """A connection to the mail server, opened with the first email."""

    def __init__(self) -> None:
        self._line: BaseEmailBackend | None = None
        self._left = 0

    def send(self, pk: int) -> None:
        """Send an email, if this caller claims it."""
        email = sending.claim_email(pk)
        mail = sending.build_mail(email) if email else None
        if not (email and mail):
            return
        error = sending.try_to_send(email, mail, self._open())
        sending.record_try(email, error)
        self._left -= 1
        if error is not None or not self._left:  # whatever state the conversation is in
            self.close()

    def close(self) -> None:
        """End the connection; the next email opens another one."""
        if self._line is not None:
            with suppress(Exception):
                self._line.close()
        self._line = None

    def _open(self) -> BaseEmailBackend:
        """The connection. What is no mail server gets one for each email."""
        if self._line is None:
            self._line = get_connection()
            self._left = EMAILS_PER_CONNECTION if isinstance(self._line, EmailBackend) else 1
            with suppress(Exception):  # the email itself will meet it
                self._line.open()
        return self._line
