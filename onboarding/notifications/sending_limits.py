"""Limits for emails that people of a company cause to others: what is over a limit waits, and is gathered into one.

The outbox itself is the counter. Emails about security, and those that the portal causes itself, are never counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from certs import clock
from onboarding.notifications.models import OutboxEmail

MAX_HOLD = timedelta(
    days=1
)  # nothing is planned further ahead; a time beyond it comes from a clock that was wrong
_PLANNING_LOCK = 0x6D61696C  # number of the advisory lock: any that nobody else takes
Held, HeldBackBy = OutboxEmail.Delivery.HELD, OutboxEmail.HeldBackBy


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `amount` emails in any span of `window`, of those that `per` counts together."""

    code: OutboxEmail.HeldBackBy
    amount: int
    window: timedelta
    per: tuple[str, ...]

    def free_at(self, email: OutboxEmail) -> datetime | None:
        """When one more may leave: a window after the newest but `amount`; None if there were not so many."""
        same = Q(**{column: getattr(email, column) for column in self.per})
        counted = OutboxEmail.objects.filter(same, leaves_at__lte=clock.now() + MAX_HOLD).order_by(
            "-leaves_at"
        )
        times = counted.values_list("leaves_at", flat=True)[self.amount - 1 : self.amount]
        found = next(iter(times), None)
        return found + self.window if found else None


PER_PERSON = Limit(HeldBackBy.PERSON, 20, timedelta(hours=1), ("sender_id", "company_id"))
PAUSE_PER_ADDRESS = Limit(HeldBackBy.PAUSE, 1, timedelta(minutes=5), ("receiver", "company_id"))
PER_DAY = Limit(HeldBackBy.DAY, 5, timedelta(days=1), ("receiver", "company_id"))
# Over all companies, but only for an address without an account: a company must not hold up the emails of others
# to somebody who works for them.
PER_UNKNOWN_ADDRESS = Limit(HeldBackBy.DAY, 10, timedelta(days=1), ("receiver",))


def plan_counted_emails() -> None:
    """Decide when each counted email leaves that was written since, and let go what has waited long enough.

    For pages (right after the move, outside its transaction) and for the worker. One caller at a time: of two
    requests at once the second sees what the first was given.
    """
    new = OutboxEmail.objects.filter(delivery=Held, leaves_at=None, gathered_into=None)
    ready = OutboxEmail.objects.filter(delivery=Held, gathered_into=None, leaves_at__isnull=False)
    if not (new.exists() or ready.filter(_is_hold_over()).exists()):
        return
    with transaction.atomic():
        _take_planning_lock()
        _clear_impossible_times(ready)
        _plan_new_emails(new.defer("text", "html", "facts").order_by("pk"))
        now = clock.now()
        released = ready.filter(
            leaves_at__lte=now
        )  # counted from now on: workers may have been away meanwhile
        released.update(delivery=OutboxEmail.Delivery.QUEUED, next_try_at=now, leaves_at=now)


def find_newest_email(receiver: str, company_id: UUID) -> OutboxEmail | None:
    """The newest counted email of a company to an address."""
    found = OutboxEmail.objects.filter(receiver=receiver.strip().lower(), company_id=company_id)
    return found.select_related("gathered_into").order_by("-pk").first()


def end_gathered_emails(email: OutboxEmail) -> None:
    """What was gathered into an email ends as it does: sent, given up, or not needed any more."""
    if email.receiver:
        email.gathered.update(delivery=email.delivery, sent_at=email.sent_at)


def _is_hold_over() -> Q:
    now = clock.now()
    return Q(leaves_at__lte=now) | Q(leaves_at__gt=now + MAX_HOLD)


def _take_planning_lock() -> None:
    """Whoever holds this lock plans; nothing else is locked with it, so nobody waits in a circle.

    On SQLite the transaction itself is the lock: it begins as a writer (config/settings.py).
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PLANNING_LOCK])


def _clear_impossible_times(held: QuerySet[OutboxEmail]) -> None:
    held.filter(leaves_at__gt=clock.now() + MAX_HOLD).update(leaves_at=None, held_back_by="")


def _plan_new_emails(new: Iterable[OutboxEmail]) -> None:
    full: set[tuple[UUID | None, UUID | None]] = set()  # persons whose day is full: asked once per call
    for email in new:
        sender = (email.sender_id, email.company_id)
        if sender in full or _gather(email):
            continue
        leaves_at, held_back_by = _find_departure(email)
        email.held_back_by = held_back_by
        if leaves_at > clock.now() + MAX_HOLD:
            full |= {sender} if held_back_by == HeldBackBy.PERSON else set()
        else:
            email.leaves_at = leaves_at
        email.save(update_fields=["leaves_at", "held_back_by"])


def _gather(email: OutboxEmail) -> bool:
    """Join what waits already for the same address, if something does: it leaves as one email."""
    waiting = OutboxEmail.objects.filter(
        delivery=Held, receiver=email.receiver, company_id=email.company_id, gathered_into=None
    )
    first = waiting.filter(leaves_at__isnull=False).order_by("pk").first()
    if first is None:
        return False
    email.gathered_into = first
    email.save(update_fields=["gathered_into"])
    return True


def _find_departure(email: OutboxEmail) -> tuple[datetime, str]:
    """The moment at which no limit is broken, and the limit that decides it."""
    leaves_at, held_back_by = clock.now(), ""
    limits = [PER_PERSON, PAUSE_PER_ADDRESS, PER_DAY]
    if not get_user_model().objects.filter(email=email.receiver).exists():
        limits.append(PER_UNKNOWN_ADDRESS)
    for limit in limits:
        free_at = limit.free_at(email)
        if free_at is not None and free_at > leaves_at:
            leaves_at, held_back_by = free_at, str(limit.code)
    return leaves_at, held_back_by
