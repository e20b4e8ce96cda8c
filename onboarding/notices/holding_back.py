"""Limits for e-mails that people of a company cause to others: what is over a limit waits, and is gathered into one.

The outbox itself is the counter. E-mails about security, and those that the portal causes itself, are never counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from certs import clock
from onboarding.notices.models import Message
from onboarding.people.models import User

LONGEST = timedelta(
    days=1
)  # nothing is planned further ahead; a time beyond it comes from a clock that was wrong
_GATE = 0x6D61696C  # number of the advisory lock: any that nobody else takes
Held, HeldBy = Message.Delivery.HELD, Message.HeldBy


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `amount` e-mails in any span of `window`, of those that `per` counts together."""

    code: Message.HeldBy
    amount: int
    window: timedelta
    per: tuple[str, ...]

    def free_at(self, message: Message) -> datetime | None:
        """When one more may leave: a window after the newest but `amount`; None if there were not so many."""
        same = Q(**{column: getattr(message, column) for column in self.per})
        counted = Message.objects.filter(same, leaves_at__lte=clock.now() + LONGEST).order_by("-leaves_at")
        times = counted.values_list("leaves_at", flat=True)[self.amount - 1 : self.amount]
        found = next(iter(times), None)
        return found + self.window if found else None


PER_PERSON = Limit(HeldBy.PERSON, 20, timedelta(hours=1), ("sender_id", "company_id"))
PAUSE = Limit(HeldBy.PAUSE, 1, timedelta(minutes=5), ("receiver", "company_id"))
PER_DAY = Limit(HeldBy.DAY, 5, timedelta(days=1), ("receiver", "company_id"))
# Over all companies, but only for an address without an account: a company must not hold up the e-mails of others
# to somebody who works for them.
OF_STRANGERS = Limit(HeldBy.DAY, 10, timedelta(days=1), ("receiver",))


def plan() -> None:
    """Decide when each counted e-mail leaves that was written since, and let go what has waited long enough.

    For pages (right after the move, outside its transaction) and for the worker. One caller at a time: of two
    requests at once the second sees what the first was given.
    """
    new = Message.objects.filter(delivery=Held, leaves_at=None, gathered_into=None)
    ready = Message.objects.filter(delivery=Held, gathered_into=None, leaves_at__isnull=False)
    if not (new.exists() or ready.filter(_is_over()).exists()):
        return
    with transaction.atomic():
        _one_at_a_time()
        _forget_impossible_times(ready)
        _decide(new.defer("text", "html").order_by("pk"))
        now = clock.now()
        released = ready.filter(
            leaves_at__lte=now
        )  # counted from now on: workers may have been away meanwhile
        released.update(delivery=Message.Delivery.QUEUED, next_try_at=now, leaves_at=now)


def newest(receiver: str, company_id: UUID) -> Message | None:
    """The newest counted e-mail of a company to an address."""
    found = Message.objects.filter(receiver=receiver.strip().lower(), company_id=company_id)
    return found.select_related("gathered_into").order_by("-pk").first()


def end_with(message: Message) -> None:
    """What was gathered into an e-mail ends as it does: sent, given up, or not needed any more."""
    if message.receiver:
        message.gathered.update(delivery=message.delivery, sent_at=message.sent_at)


def _is_over() -> Q:
    now = clock.now()
    return Q(leaves_at__lte=now) | Q(leaves_at__gt=now + LONGEST)


def _one_at_a_time() -> None:
    """Whoever holds this lock plans; nothing else is locked with it, so nobody waits in a circle.

    On SQLite the transaction itself is the lock: it begins as a writer (config/settings.py).
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_GATE])


def _forget_impossible_times(held: QuerySet[Message]) -> None:
    held.filter(leaves_at__gt=clock.now() + LONGEST).update(leaves_at=None, held_by="")


def _decide(new: Iterable[Message]) -> None:
    full: set[tuple[UUID | None, UUID | None]] = set()  # persons whose day is full: asked once per call
    for message in new:
        sender = (message.sender_id, message.company_id)
        if sender in full or _gather(message):
            continue
        leaves_at, held_by = _when(message)
        message.held_by = held_by
        if leaves_at > clock.now() + LONGEST:
            full |= {sender} if held_by == HeldBy.PERSON else set()
        else:
            message.leaves_at = leaves_at
        message.save(update_fields=["leaves_at", "held_by"])


def _gather(message: Message) -> bool:
    """Join what waits already for the same address, if something does: it leaves as one e-mail."""
    waiting = Message.objects.filter(
        delivery=Held, receiver=message.receiver, company_id=message.company_id, gathered_into=None
    )
    first = waiting.filter(leaves_at__isnull=False).order_by("pk").first()
    if first is None:
        return False
    message.gathered_into = first
    message.save(update_fields=["gathered_into"])
    return True


def _when(message: Message) -> tuple[datetime, str]:
    """The moment at which no limit is broken, and the limit that decides it."""
    leaves_at, held_by = clock.now(), ""
    limits = [PER_PERSON, PAUSE, PER_DAY]
    if not User.objects.filter(email=message.receiver).exists():
        limits.append(OF_STRANGERS)
    for limit in limits:
        free_at = limit.free_at(message)
        if free_at is not None and free_at > leaves_at:
            leaves_at, held_by = free_at, str(limit.code)
    return leaves_at, held_by
