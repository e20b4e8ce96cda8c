"""Sending what waits in the outbox: claimed first, so that two workers never send the same message.

Messages are written in write.py, held back in holding_back.py; what they say is put together in compose.py.
"""

from datetime import timedelta
from smtplib import SMTPException

from django.core.mail import EmailMultiAlternatives
from django.db.models import F

from certs import clock
from onboarding.notices import holding_back
from onboarding.notices.compose import NotNeeded, compose
from onboarding.notices.models import Message

LEASE = timedelta(minutes=5)  # a worker that died while sending loses its claim after this
TRIES = 8
ENDS = [Message.Delivery.SENT, Message.Delivery.FAILED, Message.Delivery.DROPPED]


def due() -> list[int]:
    """Ids of the messages whose time to be tried has come; what was held back long enough is among them."""
    holding_back.plan()
    return list(
        Message.objects.filter(next_try_at__lte=clock.now())
        .exclude(delivery__in=ENDS)
        .order_by("next_try_at")
        .values_list("pk", flat=True)[:200]
    )


def send(pk: int) -> bool:
    """Send one message if this caller claims it. True when it was sent now."""
    now = clock.now()
    claimed = (
        Message.objects.filter(pk=pk, next_try_at__lte=now)
        .exclude(delivery__in=ENDS)
        .update(delivery=Message.Delivery.SENDING, next_try_at=now + LEASE, attempts=F("attempts") + 1)
    )
    if not claimed:
        return False
    message = Message.objects.select_related("to", "invitation").get(pk=pk)
    if message.attempts > TRIES:  # every worker that tried it died
        _failed(message, RuntimeError())
        return False
    try:
        _mail(message).send()
    except NotNeeded:
        _dropped(message)
        return False
    except (SMTPException, OSError, ValueError) as error:  # ValueError: an address no header can hold
        _failed(message, error)
        return False
    message.delivery, message.sent_at, message.next_try_at = Message.Delivery.SENT, clock.now(), None
    message.save(update_fields=["delivery", "sent_at", "next_try_at"])
    holding_back.end_with(message)
    return True


def _mail(message: Message) -> EmailMultiAlternatives:
    letter = compose(message)
    mail = EmailMultiAlternatives(letter.subject, letter.text, to=[letter.to])
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


def _failed(message: Message, error: Exception) -> None:
    message.last_error = f"{type(error).__name__}: the mail server did not take it"[:200]
    again = message.attempts < TRIES
    message.delivery = Message.Delivery.QUEUED if again else Message.Delivery.FAILED
    message.next_try_at = clock.now() + timedelta(minutes=2**message.attempts) if again else None
    message.save(update_fields=["attempts", "last_error", "delivery", "next_try_at"])
    if not again:
        holding_back.end_with(message)
