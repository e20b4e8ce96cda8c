"""Deleting the sessions whose time is over, with what was typed in them.

When a session ends is decided in session_limits.py.
"""

from django.contrib.sessions.models import Session

from certs import clock


def delete_ended() -> None:
    """Delete them all, by the database's clock.

    Django's `clearsessions` asks the clock of its machine: a worker that ran ahead would sign everybody out.
    """
    Session.objects.filter(expire_date__lt=clock.now()).delete()
