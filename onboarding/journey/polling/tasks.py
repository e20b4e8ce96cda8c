"""The tasks of the worker: poll what is due, poll one step, remind, destroy.

The work is in batches.py and jobs.py; arguments are ids and times only.
"""

from celery import shared_task

from certs.turns import Turn
from onboarding.journey.deadlines import reminders
from onboarding.journey.polling import batches, expired_secrets, expiring, jobs, schedule


@shared_task(name="journey.poll_due_steps")
def poll_due_steps(first: str | None = None) -> int:
    """Poll what is due; returns how many rows were claimed. If more is due when the turn is over, another follows."""
    turn = Turn(first)
    claimed = batches.poll_due(poll_step.delay, turn)
    turn.follow(poll_due_steps)
    return claimed


@shared_task(name="journey.poll_step")
def poll_step(pk: int) -> bool:
    """Poll one claimed step and settle what was found; twice changes nothing the second time."""
    return schedule.begin_poll(pk) and jobs.poll_step(pk)


@shared_task(name="journey.remind_late")
def remind_late() -> int:
    """Write once to whoever has a step past its usual time, and to the admins of one past its latest."""
    return reminders.remind_of_due_steps()


@shared_task(name="journey.tell_ops_of_stuck_steps")
def tell_ops_of_stuck_steps() -> int:
    """Write to ops, once a day, which steps are stuck."""
    return reminders.tell_ops_of_stuck_steps()


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
    return expired_secrets.destroy_expired_secrets()
