"""Sending what waits in the outbox: claimed first, so that two workers never send the same email.

Emails are written in outbox.py, held back in sending_limits.py; what they say is put together in composition.py. Many
at once are sent by delivery_turns.py.
"""

import logging
from datetime import datetime, timedelta
from email.utils import parseaddr
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, QuerySet
from django.utils.crypto import salted_hmac
from django.utils.encoding import punycode

from certs import clock
from certs.due import due as is_due
from onboarding.notifications import sending_limits
from onboarding.notifications.composition import NoLongerNeeded, compose_email
from onboarding.notifications.models import OutboxEmail

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)  # a worker that died while sending loses its claim after this
MAX_ATTEMPTS = 8
MAX_WORKER_DEATHS = 3  # of workers over the same email, one after the other
MAX_PAUSE = timedelta(minutes=2 ** (MAX_ATTEMPTS - 1))
Delivery = OutboxEmail.Delivery
AT_ONCE = 200  # emails that are listed together
REFUSALS = (SMTPException, OSError, ValueError)  # ValueError: an address no header can hold
NOT_TAKEN, OWN_FAULT = "the mail server did not take it", "the portal met a fault of its own"
FINAL_DELIVERIES = [Delivery.SENT, Delivery.FAILED, Delivery.DROPPED]


def _filter_due(now: datetime) -> "QuerySet[OutboxEmail]":
    """Those whose time to be tried has come."""
    ahead = is_due("next_try_at", now, max(MAX_PAUSE, LEASE))
    return OutboxEmail.objects.filter(ahead).exclude(delivery__in=FINAL_DELIVERIES)


def find_due_emails() -> list[int]:
    """Ids of the emails whose time to be tried has come; what was held back long enough is among them."""
    return [pk for pk, _ in list_due()]


def list_due() -> list[tuple[int, int]]:
    """The oldest emails that are due: id, and how many tries in a row ended with their worker."""
    sending_limits.plan_counted_emails()
    due = _filter_due(clock.now()).order_by("next_try_at")
    return list(due.values_list("pk", "unfinished_tries")[:AT_ONCE])


def send_email(pk: int) -> bool:
    """Send one email if this caller claims it. True when it was sent now.

    At least once: a worker that dies after the mail server took it leaves it to be sent again, as the same email.
    """
    email = claim_email(pk)
    mail = build_mail(email) if email else None
    return mail is not None and email is not None and record_try(email, try_to_send(email, mail))


def claim_email(pk: int) -> OutboxEmail | None:
    """The email, if this caller is to send it now: of two callers one gets it, for as long as LEASE."""
    now = clock.now()
    claimed = (
        _filter_due(now)
        .filter(pk=pk)
        .update(
            delivery=Delivery.SENDING,
            next_try_at=now + LEASE,
            attempts=F("attempts") + 1,
            unfinished_tries=F("unfinished_tries") + 1,  # before it is sent, so that a death counts
        )
    )
    if not claimed:
        return None
    email = OutboxEmail.objects.select_related("to").get(pk=pk)
    if email.unfinished_tries > MAX_WORKER_DEATHS:
        _give_up(email)
        return None
    return email


def build_mail(email: OutboxEmail) -> EmailMultiAlternatives | None:
    """What is sent; None if there is nothing to send, which is on record then."""
    try:
        return _build_mail(email)
    except NoLongerNeeded:
        _drop(email)
    except Exception as error:
        log.exception("email %s could not be put together", email.pk)
        _record_failure(email, error, OWN_FAULT)
    return None


def try_to_send(
    email: OutboxEmail, mail: EmailMultiAlternatives, line: BaseEmailBackend | None = None
) -> Exception | None:
    """Hand it to the mail server, over this connection or one of its own. Asks no database. Answers what went wrong."""
    try:
        mail.connection = line
        mail.send()
    except Exception as error:
        if not isinstance(error, REFUSALS):
            log.exception("email %s could not be sent", email.pk)
        return error
    return None


def record_try(email: OutboxEmail, error: Exception | None) -> bool:
    """Write down how a try ended, as soon as it did. True when it was sent."""
    if error is not None:
        _record_failure(email, error, NOT_TAKEN if isinstance(error, REFUSALS) else OWN_FAULT)
        return False
    email.delivery, email.sent_at, email.next_try_at = Delivery.SENT, clock.now(), None
    email.save(update_fields=["delivery", "sent_at", "next_try_at"])
    sending_limits.end_gathered_emails(email)
    return True


def make_message_id(email: OutboxEmail) -> str:
    """The Message-ID: the same whenever this row is sent, and of no other row of any installation.

    Receivers may drop a copy by it (RFC 5322 section 3.6.4). It tells nothing of what it is made from.
    """
    row = f"{email.pk}:{email.key}:{email.created_at.isoformat()}"
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{salted_hmac('onboarding.notices', row, algorithm='sha256').hexdigest()[:40]}@{punycode(host)}>"


def _build_mail(email: OutboxEmail) -> EmailMultiAlternatives:
    composed = compose_email(email)
    headers = {"Message-ID": make_message_id(email)}
    mail = EmailMultiAlternatives(composed.subject, composed.text, to=[composed.to], headers=headers)
    if composed.html:
        mail.attach_alternative(composed.html, "text/html")
    return mail


def _drop(email: OutboxEmail) -> None:
    if email.address:  # nobody has an account there: a stranger's address is not kept
        email.delete()
        return
    email.delivery, email.next_try_at = OutboxEmail.Delivery.DROPPED, None
    email.save(update_fields=["delivery", "next_try_at"])
    sending_limits.end_gathered_emails(email)


def _record_failure(email: OutboxEmail, error: Exception, why: str) -> None:
    email.last_error = f"{type(error).__name__}: {why}"[:200]
    again = email.attempts < MAX_ATTEMPTS
    email.unfinished_tries = 0
    email.delivery = Delivery.QUEUED if again else Delivery.FAILED
    email.next_try_at = clock.now() + timedelta(minutes=2**email.attempts) if again else None
    email.save(update_fields=["unfinished_tries", "last_error", "delivery", "next_try_at"])
    if not again:
        sending_limits.end_gathered_emails(email)


def _give_up(email: OutboxEmail) -> None:
    log.error("email %s ended its worker %s times; given up", email.pk, MAX_WORKER_DEATHS)
    email.last_error = f"{MAX_WORKER_DEATHS} workers in a row ended while they sent it"
    email.delivery, email.next_try_at = Delivery.FAILED, None
    email.save(update_fields=["last_error", "delivery", "next_try_at"])
    sending_limits.end_gathered_emails(email)
