"""A door for the worker: ask for every job whose time has come.

Which these are is in jobs.py; beat sends this one task and carries no time for any other.
"""

from celery import current_app, shared_task
from django.conf import settings

from onboarding.periodic import jobs


@shared_task(name=jobs.ASK_FOR_JOBS)
def ask_for_jobs() -> int:
    """Claim every job that is due and publish it before the next. Returns how many."""
    asked = 0
    for name in settings.PERIODIC_JOBS:
        if jobs.claim_job(name):
            current_app.tasks[name].delay()
            asked += 1
    return asked
