"""A door for the worker: forget sessions that ended, with what was typed in them.

Nothing else is written from this room.
"""

from celery import shared_task
from django.contrib.sessions.models import Session

from certs import clock


@shared_task(name="dashboards.clear_sessions")
def clear_sessions() -> None:
    """Delete expired sessions from the database.

    Django's `clearsessions` asks the clock of its machine: a worker that ran ahead would sign everybody out.
    """
    Session.objects.filter(expire_date__lt=clock.now()).delete()
