"""A door for the worker: send emergency invitations whose waiting time is over, close those that nobody agreed to.

The work is in emergency.py.
"""

from celery import shared_task

from onboarding.people import emergency


@shared_task(name="people.send_emergencies")
def send_emergencies() -> int:
    """Look at every request whose time has come; twice changes nothing the second time."""
    return emergency.send_due()
