"""Doors for the worker: send what is due.

The work is in delivery_turns.py and sending.py.
"""

from celery import shared_task

from certs.turns import Turn
from onboarding.notifications import delivery_turns, sending


@shared_task(name="notifications.send_due")
def send_due(first: str | None = None) -> int:
    """Send what is due; returns how many emails that were. If more is due when the turn is over, another follows."""
    turn = Turn(first)
    count = delivery_turns.send_due(send_one.delay, turn)
    turn.follow(send_due)
    return count


@shared_task(name="notifications.send_one")
def send_one(pk: int) -> bool:
    """Send one email; twice changes nothing the second time."""
    return sending.send_email(pk)
