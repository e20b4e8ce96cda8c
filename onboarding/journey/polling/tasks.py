"""The tasks of the worker: claim what is due, poll one step, remind, destroy.

The work is in jobs.py; arguments are ids only.
"""

import logging

from celery import shared_task

from certs import clock
from onboarding.journey.polling import expiring, jobs, schedule

log = logging.getLogger(__name__)


@shared_task(name="journey.poll_due_steps")
def poll_due_steps() -> int:
    """Claim what is due and fan out one task for each row; a few at a time, so that a crash holds up few."""
    now, asked = clock.now(), 0
    while claimed := jobs.claim_due(now):
        for pk in claimed:
            poll_step.delay(pk)
        asked += len(claimed)
    return asked


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
    return expiring.remind_expiring()


@shared_task(name="journey.complete_chains")
def complete_chains() -> int:
    """Seek the missing issuers of certificates that people brought."""
    return jobs.complete_chains()


@shared_task(name="journey.destroy_expired_secrets")
def destroy_expired_secrets() -> int:
    """Destroy the secrets of every onboarding whose time is up."""
    return jobs.destroy_expired_secrets()
