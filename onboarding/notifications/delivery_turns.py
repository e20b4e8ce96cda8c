"""Many emails in one task: each is claimed right before it is sent, and on record as sent right after.

So a worker that dies leaves no more emails in doubt than it was sending at that moment. What is done with one email is
in sending.py.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from certs.turns import Turn
from onboarding.notifications import sending
from onboarding.notifications.models import OutboxEmail

SENDERS = 2  # connections to the mail server: some servers allow a client three
EMAILS_PER_CONNECTION = 20  # servers end longer ones


def send_due(hand_over: Callable[[int], object], turn: Turn | None = None) -> int:
    """Send what is due until nothing is, or the turn is over. Returns how many emails were tried or handed over.

    `hand_over` has an email sent by a task of its own: one whose last try ended with its worker takes no others along.
    """
    turn, seen = turn or Turn(), set[int]()
    with _Senders() as senders:
        while due := [(pk, deaths) for pk, deaths in sending.list_due() if pk not in seen]:
            for pk, deaths in due:
                seen.add(pk)
                if deaths:
                    hand_over(pk)
                else:
                    senders.send(pk)
                if turn.is_over():
                    return len(seen)
    return len(seen)


class _Senders:
    """Threads that talk to the mail server; everything else is done in the caller's."""

    def __init__(self) -> None:
        self._lines = threading.local()
        self._open: list[BaseEmailBackend] = []
        self._sent: deque[tuple[OutboxEmail, Future[Exception | None]]] = deque()
        self._threads = ThreadPoolExecutor(SENDERS, "emails")

    def __enter__(self) -> "_Senders":
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._record(0)
        finally:
            self._threads.shutdown()
            for line in self._open:
                with suppress(Exception):
                    line.close()

    def send(self, pk: int) -> None:
        """Have an email sent, if this caller claims it, as soon as a thread is free."""
        self._record(SENDERS - 1)
        email = sending.claim_email(pk)
        mail = sending.build_mail(email) if email else None
        if email and mail:
            self._sent.append((email, self._threads.submit(self._send, email, mail)))

    def _record(self, most: int) -> None:
        """Write down how the oldest ended, until so many are under way."""
        while len(self._sent) > most:
            email, sent = self._sent.popleft()
            sending.record_try(email, sent.result())

    def _send(self, email: OutboxEmail, mail: EmailMultiAlternatives) -> Exception | None:
        with self._line() as line:
            error = sending.try_to_send(email, mail, line)
            if error is not None:  # whatever state the conversation is in
                self._lines.left = 0
            return error

    @contextmanager
    def _line(self) -> Iterator[BaseEmailBackend]:
        """This thread's connection, opened with its first email. What is no mail server gets one for each email."""
        if not getattr(self._lines, "left", 0):
            line = self._lines.backend = get_connection()
            self._lines.left = EMAILS_PER_CONNECTION if isinstance(line, EmailBackend) else 1
            self._open.append(line)
            with suppress(Exception):  # the email itself will meet it
                line.open()
        self._lines.left -= 1
        try:
            yield self._lines.backend
        finally:
            if not self._lines.left:
                with suppress(Exception):
                    self._lines.backend.close()
