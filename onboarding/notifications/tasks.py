"""Doors for the worker: send what is due.

The work is in sending.py.
"""

from celery import shared_task

from onboarding.notifications import sending


@shared_task(name="notifications.send_due")
def send_due() -> int:
    """Fan out one task per email that is due."""
    due = sending.find_due_emails()
    for pk in due:
        send_one.delay(pk)
    return len(due)


@shared_task(name="notifications.send_one")
def send_one(pk: int) -> bool:
    """Send one email; twice changes nothing the second time."""
    return sending.send_email(pk)
