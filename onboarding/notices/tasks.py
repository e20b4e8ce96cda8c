"""Doors for the worker: send what is due.

The work is in send.py.
"""

from celery import shared_task

from onboarding.notices import send


@shared_task(name="notices.send_due")
def send_due() -> int:
    """Fan out one task per message that is due."""
    due = send.due()
    for pk in due:
        send_one.delay(pk)
    return len(due)


@shared_task(name="notices.send_one")
def send_one(pk: int) -> bool:
    """Send one message; twice changes nothing the second time."""
    return send.send(pk)
