"""Many emails in one task, over SMTP: two workers, one that dies, a mail server that fails in between.

What becomes of a single email is in test_outbox.py.
"""

import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from certs import clock, turns
from certs.turns import Turn
from onboarding.notifications import delivery_turns, sending
from onboarding.notifications.models import OutboxEmail
from tests.concurrency import race
from tests.databases import on_postgresql
from tests.house.checkout import ROOT
from tests.notifications.mail_server import MailServer, mail_server
from tests.people_fixtures import make_user
from tests.time_travel import travel


def _queue(count: int) -> None:
    """Emails that are due, the oldest first; each has its number as subject."""
    alice = make_user("alice@one.example", "Alice")
    now = clock.now()
    OutboxEmail.objects.bulk_create(
        OutboxEmail(
            key=f"{n}",
            to=alice,
            subject=f"{n:03d}",
            text="-",
            next_try_at=now - timedelta(hours=1, seconds=-n),
        )
        for n in range(count)
    )


def _use(settings: Any, server: MailServer) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5


def _taken(server: MailServer) -> Counter[str]:
    """How often each subject arrived."""
    return Counter(text.partition("Subject: ")[2][:3] for _, text in server.taken)


def _nobody(pk: int) -> None:
    raise AssertionError(f"email {pk} was handed over")


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_email_once_on_few_connections(transactional_db: None, settings: Any) -> None:
    _queue(90)
    with mail_server() as server:
        _use(settings, server)
        race(lambda: delivery_turns.send_due(_nobody), lambda: delivery_turns.send_due(_nobody))
        assert _taken(server) == {f"{n:03d}": 1 for n in range(90)}
        assert server.conversations <= 90 // delivery_turns.EMAILS_PER_CONNECTION + 4
    sent = OutboxEmail.objects.filter(delivery="sent", attempts=1, sent_at__isnull=False)
    assert sent.count() == 90


DIES = """
import os, signal, sys
def kill(event, arguments):
    if event == "smtplib.send" and b"Subject: 007" in bytes(arguments[1]):
        os.kill(os.getpid(), signal.SIGKILL)
import django
django.setup()
from onboarding.notifications import delivery_turns
sys.addaudithook(kill)
delivery_turns.send_due(print)
"""


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_leaves_one_in_doubt_which_is_sent_alone(
    transactional_db: None, settings: Any
) -> None:
    _queue(30)
    with mail_server() as server:
        address = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{connection.settings_dict['NAME']}"
        given = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "config.settings"}
        given["EMAIL_URL"] = f"smtp://127.0.0.1:{server.port}"
        died = subprocess.run(
            [sys.executable, "-c", DIES], cwd=ROOT, env=given, capture_output=True, text=True, check=False
        )
        assert died.returncode == -9, died.stderr
        assert [email.subject for email in OutboxEmail.objects.filter(delivery="sending")] == ["007"]
        _use(settings, server)
        delivery_turns.send_due(_nobody)  # the others, at once
        assert _taken(server) == {f"{n:03d}": 1 for n in range(30) if n != 7}
        with travel(clock.now() + sending.LEASE + timedelta(seconds=1)):
            alone: list[int] = []
            assert delivery_turns.send_due(alone.append) == 1
            assert [sending.send_email(pk) for pk in alone] == [True]
        assert _taken(server) == {f"{n:03d}": 1 for n in range(30)}


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_hangs_up_fails_one_email_and_the_next_has_a_new_connection(
    transactional_db: None, settings: Any
) -> None:
    _queue(12)
    with mail_server() as server:
        _use(settings, server)
        server.hangs_up_at = 5
        assert delivery_turns.send_due(_nobody) == 12
        failed = OutboxEmail.objects.filter(delivery="queued")
        assert [email.attempts for email in failed] == [1]
        assert set(_taken(server).values()) == {1}
        with travel(clock.now() + timedelta(minutes=3)):
            assert delivery_turns.send_due(_nobody) == 1
    assert OutboxEmail.objects.filter(delivery="sent").count() == 12


def test_when_the_turn_is_over_the_rest_waits_for_the_next(
    db: None, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    _queue(5)
    monkeypatch.setattr(turns, "SECONDS", 0.0)
    turn = Turn()
    assert delivery_turns.send_due(_nobody, turn) == 1
    assert (len(mailoutbox), turn.is_over()) == (1, True)
    monkeypatch.undo()
    assert delivery_turns.send_due(_nobody) == 4
    assert [mail.subject for mail in mailoutbox] == [f"{n:03d}" for n in range(5)]
