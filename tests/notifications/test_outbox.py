"""The outbox: each letter is sent once, a failure is tried again more and more slowly, and in the end given up.

The mail server here is Django's in-memory one, or a port where nobody listens. The letters are in test_emails.py.
"""

import socket
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail

from certs import clock
from onboarding.notifications import sending, tasks
from onboarding.notifications.models import OutboxEmail
from onboarding.notifications.outbox import queue_email
from onboarding.people.models import User
from tests.concurrency import race
from tests.people_fixtures import make_user
from tests.time_travel import travel
from tests.workers import eager_workers

__all__ = ["eager_workers"]

FACTS = {"onboarding": {"company": {"name": "One"}, "code": "AAAA-AAAA"}, "path": "/"}


def _letter(to: User, key: str = "destroyed:1") -> OutboxEmail:
    queue_email("secrets-destroyed", key=key, to=[to], facts=FACTS)
    return OutboxEmail.objects.get(key=f"{key}:{to.pk}")


@pytest.fixture
def alice(db: None) -> User:
    return make_user("alice@one.example", "Alice")


@pytest.fixture
def no_mail_server(settings: Any) -> None:
    """SMTP at a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 2


def test_a_letter_is_sent_as_text_and_html(alice: User, mailoutbox: list[Any]) -> None:
    message = _letter(alice)
    assert sending.find_due_emails() == [message.pk]
    assert sending.send_email(message.pk) is True
    message.refresh_from_db()
    assert (message.delivery, message.next_try_at, message.sent_at is not None) == ("sent", None, True)
    (sent,) = mailoutbox
    assert (sent.to, sent.subject, sent.body) == (["alice@one.example"], message.subject, message.text)
    assert [(part.content, part.mimetype) for part in sent.alternatives] == [(message.html, "text/html")]
    assert sending.find_due_emails() == []
    assert sending.send_email(message.pk) is False


def test_the_second_letter_of_an_occasion_is_not_written(alice: User) -> None:
    _letter(alice)
    _letter(alice)
    assert OutboxEmail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_a_letter_once(transactional_db: None, mailoutbox: list[Any]) -> None:
    alice = make_user("alice@one.example", "Alice")
    for number in range(30):
        pk = _letter(alice, key=f"destroyed:{number}").pk
        assert sorted(race(partial(sending.send_email, pk), partial(sending.send_email, pk))) == [False, True]
    assert len(mail.outbox) == 30


def test_a_failure_is_tried_again_later_and_at_last_given_up(alice: User, no_mail_server: None) -> None:
    message = _letter(alice)
    now, pauses = clock.now(), []
    for attempt in range(1, sending.MAX_ATTEMPTS + 1):
        with travel(now, tick=False):
            assert sending.send_email(message.pk) is False
        message.refresh_from_db()
        assert message.attempts == attempt
        assert message.last_error == "ConnectionRefusedError: the mail server did not take it"
        if message.next_try_at is not None:
            with travel(message.next_try_at - timedelta(seconds=1), tick=False):
                assert sending.find_due_emails() == []
                assert sending.send_email(message.pk) is False
            pauses.append(message.next_try_at - now)
            now = message.next_try_at
    assert (message.delivery, message.next_try_at, message.sent_at) == ("failed", None, None)
    assert pauses == sorted(set(pauses))
    assert len(pauses) == sending.MAX_ATTEMPTS - 1
    with travel(now + timedelta(days=30)):
        assert sending.find_due_emails() == []


def test_a_letter_that_failed_is_sent_when_the_server_is_back(
    alice: User, no_mail_server: None, settings: Any
) -> None:
    message = _letter(alice)
    sending.send_email(message.pk)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert sending.send_email(message.pk) is False  # not yet its time
    with travel(clock.now() + timedelta(minutes=3)):
        assert sending.send_email(message.pk) is True
    assert len(mail.outbox) == 1


def test_a_worker_that_died_while_sending_loses_its_claim(alice: User, mailoutbox: list[Any]) -> None:
    message = _letter(alice)
    OutboxEmail.objects.filter(pk=message.pk).update(
        delivery=OutboxEmail.Delivery.SENDING, next_try_at=clock.now() + sending.LEASE
    )
    assert sending.find_due_emails() == []
    with travel(clock.now() + sending.LEASE + timedelta(seconds=1)):
        assert sending.find_due_emails() == [message.pk]
        assert sending.send_email(message.pk) is True


def test_the_worker_sends_everything_that_is_due(
    alice: User, mailoutbox: list[Any], eager_workers: None
) -> None:
    for number in range(3):
        _letter(alice, key=f"destroyed:{number}")
    assert tasks.send_due() == 3
    assert tasks.send_due() == 0
    assert len(mailoutbox) == 3


def test_one_letter_that_fails_does_not_stop_the_others(
    alice: User, mailoutbox: list[Any], eager_workers: None
) -> None:
    bad = make_user("nobody@one.example", "Nobody")
    unsendable = _letter(bad)
    User.objects.filter(pk=bad.pk).update(email="no\nbody@one.example")
    _letter(alice)
    tasks.send_due()
    assert [sent.to for sent in mailoutbox] == [["alice@one.example"]]
    unsendable.refresh_from_db()
    assert (unsendable.attempts, unsendable.delivery) == (1, "queued")
