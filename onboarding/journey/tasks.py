"""Doors for the worker: ask what is due, look at one row, remind, destroy.

The work is in polling.py, progress.py and chores.py; arguments are ids only.
"""

import logging

from celery import shared_task

from onboarding.journey import chores

log = logging.getLogger(__name__)


@shared_task(name="journey.look_at_due")
def look_at_due() -> int:
    """Claim every row whose look is due and fan out one task for each."""
    claimed = chores.claim_due()
    for pk in claimed:
        look.delay(pk)
    return len(claimed)


@shared_task(name="journey.look")
def look(pk: int) -> bool:
    """Look at one row and settle what was seen."""
    return chores.look_at(pk)


@shared_task(name="journey.remind_late")
def remind_late() -> int:
    """Write once to the admins of each wait that is past its limit."""
    return chores.remind_late()


@shared_task(name="journey.remind_expiring")
def remind_expiring() -> int:
    """Write to the admins of each certificate that ends soon."""
    return chores.remind_expiring()


@shared_task(name="journey.complete_chains")
def complete_chains() -> int:
    """Seek the missing issuers of certificates that people brought."""
    return chores.complete_chains()


@shared_task(name="journey.destroy_expired_secrets")
def destroy_expired_secrets() -> int:
    """Destroy the secrets of every onboarding whose time is up."""
    return chores.destroy_expired_secrets()
