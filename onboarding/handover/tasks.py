"""A door for the worker: close offers and grants whose time is up, destroy secrets that nobody opened.

The work is in offers.py and secret_sharing.py.
"""

from celery import shared_task

from onboarding.handover import offers, secret_sharing


@shared_task(name="handover.expire")
def expire() -> int:
    """Close what nobody answered or opened in time, and every access that is past its date."""
    return offers.expire() + secret_sharing.destroy_past()
