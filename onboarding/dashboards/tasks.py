"""A door for the worker: forget sessions that ended, with what was typed in them.

Nothing else is written from this room.
"""

from celery import shared_task

from onboarding.people import ended_sessions


@shared_task(name="dashboards.clear_sessions")
def clear_sessions() -> None:
    """Delete expired sessions from the database."""
    ended_sessions.delete_ended()
