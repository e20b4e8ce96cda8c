"""What beat asks for, and how often; and the jobs that the asked worker looks for in the database.

Time and truth live in the database: beat carries no due time, keeps no file and does not look at the wall clock.
"""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from celery.schedules import schedule


def _monotonic_now() -> datetime:
    """A moment that goes on evenly, also while the wall clock is set: beat only measures pauses by it."""
    return datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=time.monotonic())


def build_beat_schedule(speed: float) -> dict[str, dict[str, Any]]:
    """Beat's whole schedule: a few tasks that ask the database what is due, every 15 seconds at speed 1."""
    every = schedule(timedelta(seconds=max(1.0, min(15.0, 15.0 / speed))), nowfun=_monotonic_now)
    tasks = ("journey.poll_due_steps", "notifications.send_due", "periodic.ask_for_jobs")
    return {task: {"task": task, "schedule": every} for task in tasks}


def build_periodic_jobs(speed: float) -> dict[str, tuple[timedelta, timedelta]]:
    """Task's name: (once in every so long, so long after midnight UTC)."""
    at_once, hour = timedelta(0), timedelta(hours=1)
    return {
        "dashboards.clear_sessions": (24 * hour, 3 * hour),
        "journey.remind_late": (timedelta(seconds=max(5.0, 600 / speed)), at_once),
        "journey.tell_ops_of_stuck_steps": (24 * hour, 7 * hour),
        "journey.remind_expiring": (24 * hour, 6 * hour),
        "handover.expire": (timedelta(minutes=5), at_once),
        "people.send_emergencies": (timedelta(minutes=5), at_once),
        "journey.complete_chains": (timedelta(seconds=max(5.0, 60 / speed)), at_once),
        "journey.destroy_expired_secrets": (hour, at_once),
    }
