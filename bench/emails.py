"""How many emails a worker sends in a second, through Celery, beside smtplib alone on one connection.

The mail server is the tests', on this machine.
"""

import smtplib
import statistics
import time
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

from bench.harness import Entry, compare, measurement, portal
from bench.worker import Worker, ask_until, read_due_time

ROUNDS, EMAILS = 3, 300
RECEIVER = "post@bench.example"
KIND = "step-open"
FACTS = {
    "user": {"name": "Post", "is_ops": False},
    "onboarding": {"company": {"name": "Bench Ltd"}, "environment": "UIT", "code": "NW7K-42QD"},
    "definition": {
        "title": "Accept the invitation",
        "system": "in Atlas",
        "who_words": "a Certificate Admin",
    },
    "path": "/onboardings/NW7K-42QD/invitation/",
}


@measurement
def emails() -> Iterator[Entry]:
    """Claim, render, compose, send and record each email of the outbox; against sending the same text."""
    portal()
    from tests.notifications.mail_server import mail_server

    ours, theirs = [], []
    with mail_server() as server, Worker(EMAIL_URL=f"smtp://127.0.0.1:{server.port}"):
        _send_all("warm")
        for number in range(ROUNDS):
            theirs.append(EMAILS / _send_bare(server.port))
            ours.append(EMAILS / _send_all(str(number)))
        taken = sum(set(receivers) == {RECEIVER} for receivers, _ in server.taken)
        assert taken == EMAILS * (2 * ROUNDS + 1), "each once"
    yield compare(
        "emails of one worker process through Celery",
        ours=statistics.median(ours),
        unit="emails/s",
        against="smtplib, the same text on one connection",
        theirs=statistics.median(theirs),
        better="higher",
    )


def _send_all(name: str) -> float:
    """Seconds until all have been sent."""
    from onboarding.notifications import tasks
    from onboarding.notifications.models import OutboxEmail
    from onboarding.notifications.outbox import build_email
    from onboarding.people.models import User

    to, _ = User.objects.get_or_create(email=RECEIVER, defaults={"name": "Post"})
    key, due = f"bench-{name}-", read_due_time()
    OutboxEmail.objects.bulk_create(
        build_email(KIND, f"{key}{n}", FACTS, to=to, next_try_at=due) for n in range(EMAILS)
    )
    left = OutboxEmail.objects.filter(key__startswith=key).exclude(delivery="sent")
    return ask_until(lambda: not left.exists(), tasks.send_due)


def _send_bare(port: int) -> float:
    from onboarding.notifications.fact_encoding import encode_facts
    from onboarding.notifications.rendering import render_email

    words = render_email(KIND, encode_facts(FACTS))
    begun = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as line:
        for number in range(EMAILS):
            line.send_message(_message(str(number), words.text, words.html))
    return time.perf_counter() - begun


def _message(subject: str, text: str, html: str) -> Any:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "portal@bench.example", RECEIVER
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    return message
