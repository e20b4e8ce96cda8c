"""The tasks of the worker: poll what is due, poll one step, remind, destroy.

The work is in batches.py and jobs.py; arguments are ids and times only.
"""

from datetime import datetime, timedelta

from celery import shared_task

from certs import clock
from onboarding.journey.polling import batches, jobs, schedule

CHAIN = timedelta(minutes=2)


@shared_task(name="journey.poll_due_steps")
def poll_due_steps(asked: str | None = None) -> int:
    """Poll what is due; returns how many rows were claimed. If more is due when the turn is over, another one follows.

    `asked` (ISO 8601) is when the first turn began. There are turns for CHAIN after it: whatever is due, as many are on
    their way as beat asks for in that time, so that other tasks never wait long.
    """
    first = asked or clock.now().isoformat()
    turn = batches.poll_due(poll_step.delay)
    if turn.is_more and abs(clock.now() - datetime.fromisoformat(first)) < CHAIN:
        poll_due_steps.delay(first)
    return turn.claimed


@shared_task(name="journey.poll_step")
def poll_step(pk: int) -> bool:
    """Poll one claimed step and settle what was found; twice changes nothing the second time."""
    return schedule.begin_poll(pk) and jobs.poll_step(pk)


@shared_task(name="journey.remind_late")
def remind_late() -> int:
    """Write once to the admins of each wait that is past its limit."""
    return jobs.remind_late()


@shared_task(name="journey.remind_expiring")
def remind_expiring() -> int:
    """Write to the admins of each certificate that ends soon."""
    return jobs.remind_expiring()


@shared_task(name="journey.complete_chains")
def complete_chains() -> int:
    """Seek the missing issuers of certificates that people brought."""
    return jobs.complete_chains()


@shared_task(name="journey.destroy_expired_secrets")
def destroy_expired_secrets() -> int:
    """Destroy the secrets of every onboarding whose time is up."""
    return jobs.destroy_expired_secrets()
