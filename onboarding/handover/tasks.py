"""A door for the worker: close offers and grants whose time is up.

The work is in offers.py.
"""

from celery import shared_task

from onboarding.handover import offers


@shared_task(name="handover.expire")
def expire() -> int:
    """Close what nobody answered in time, and every access that is past its date."""
    return offers.expire()
