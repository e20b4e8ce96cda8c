"""Sending what waits in the outbox: claimed first, so that two workers never send the same message.

Messages are written in write.py, held back in holding_back.py; what they say is put together in compose.py.
"""

import logging
from datetime import datetime, timedelta
from email.utils import parseaddr
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F, QuerySet
from django.utils.crypto import salted_hmac
from django.utils.encoding import punycode

from certs import clock
from certs.due import due as due_at
from onboarding.notices import holding_back
from onboarding.notices.compose import NotNeeded, compose
from onboarding.notices.models import Message

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)  # a worker that died while sending loses its claim after this
TRIES = 8
MOST_DEATHS = 3  # of workers over the same message, one after the other
LONGEST_PAUSE = timedelta(minutes=2 ** (TRIES - 1))
Delivery = Message.Delivery
ENDS = [Delivery.SENT, Delivery.FAILED, Delivery.DROPPED]


def _unsent(now: datetime) -> "QuerySet[Message]":
    """Those whose time to be tried has come."""
    ahead = due_at("next_try_at", now, max(LONGEST_PAUSE, LEASE))
    return Message.objects.filter(ahead).exclude(delivery__in=ENDS)


def due() -> list[int]:
    """Ids of the messages whose time to be tried has come; what was held back long enough is among them."""
    holding_back.plan()
    return list(_unsent(clock.now()).order_by("next_try_at").values_list("pk", flat=True)[:200])


def send(pk: int) -> bool:
    """Send one message if this caller claims it. True when it was sent now.

    At least once: a worker that dies after the mail server took it leaves it to be sent again, as the same message.
    """
    now = clock.now()
    claimed = (
        _unsent(now)
        .filter(pk=pk)
        .update(
            delivery=Delivery.SENDING,
            next_try_at=now + LEASE,
            attempts=F("attempts") + 1,
            unfinished_tries=F("unfinished_tries") + 1,  # before it is sent, so that a death counts
        )
    )
    if not claimed:
        return False
    message = Message.objects.select_related("to", "invitation").get(pk=pk)
    if message.unfinished_tries > MOST_DEATHS:
        _given_up(message)
        return False
    try:
        _mail(message).send()
    except NotNeeded:
        _dropped(message)
        return False
    except (SMTPException, OSError, ValueError) as error:  # ValueError: an address no header can hold
        _failed(message, error)
        return False
    except Exception as error:
        log.exception("message %s could not be put together", pk)
        _failed(message, error, "the portal met a fault of its own")
        return False
    message.delivery, message.sent_at, message.next_try_at = Delivery.SENT, clock.now(), None
    message.save(update_fields=["delivery", "sent_at", "next_try_at"])
    holding_back.end_with(message)
    return True


def message_id(message: Message) -> str:
    """The Message-ID: the same whenever this row is sent, and of no other row of any installation.

    Receivers may drop a copy by it (RFC 5322 section 3.6.4). It tells nothing of what it is made from.
    """
    row = f"{message.pk}:{message.key}:{message.created_at.isoformat()}"
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{salted_hmac('onboarding.notices', row, algorithm='sha256').hexdigest()[:40]}@{punycode(host)}>"


def _mail(message: Message) -> EmailMultiAlternatives:
    letter = compose(message)
    headers = {"Message-ID": message_id(message)}
    mail = EmailMultiAlternatives(letter.subject, letter.text, to=[letter.to], headers=headers)
    if letter.html:
        mail.attach_alternative(letter.html, "text/html")
    return mail


def _dropped(message: Message) -> None:
    if message.address:  # nobody has an account there: a stranger's address is not kept
        message.delete()
        return
    message.delivery, message.next_try_at = Message.Delivery.DROPPED, None
    message.save(update_fields=["delivery", "next_try_at"])
    holding_back.end_with(message)


def _failed(message: Message, error: Exception, why: str = "the mail server did not take it") -> None:
    message.last_error = f"{type(error).__name__}: {why}"[:200]
    again = message.attempts < TRIES
    message.unfinished_tries = 0
    message.delivery = Delivery.QUEUED if again else Delivery.FAILED
    message.next_try_at = clock.now() + timedelta(minutes=2**message.attempts) if again else None
    message.save(update_fields=["unfinished_tries", "last_error", "delivery", "next_try_at"])
    if not again:
        holding_back.end_with(message)


def _given_up(message: Message) -> None:
    log.error("message %s ended its worker %s times; given up", message.pk, MOST_DEATHS)
    message.last_error = f"{MOST_DEATHS} workers in a row ended while they sent it"
    message.delivery, message.next_try_at = Delivery.FAILED, None
    message.save(update_fields=["last_error", "delivery", "next_try_at"])
    holding_back.end_with(message)
