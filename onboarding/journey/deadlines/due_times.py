"""When a step that has just come into its state is usually done and at the latest, and when somebody is reminded.

Stored on the record by the move (progress.py); changed afterwards only by pauses.py and time_changes.py.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings

from onboarding.journey.deadlines.step_times import CompanyTimes, get_times
from onboarding.journey.deadlines.working_days import add_working_days, add_working_hours
from onboarding.journey.definitions import Actor, State, Wait
from onboarding.journey.projection import get_next_actor

if TYPE_CHECKING:
    from onboarding.journey.models import StepRecord


class DueTimes(NamedTuple):
    """In UTC; all None for a step that nobody has to end now. `next_reminder_at`: when the next email about it goes."""

    usual_at: datetime | None = None
    due_at: datetime | None = None
    next_reminder_at: datetime | None = None


def compute_due_times(record: "StepRecord", now: datetime, company_times: CompanyTimes) -> DueTimes:
    """Of a record that has come into its state at `now`.

    A person is reminded at the usual time and the admins at the latest one; of a wait the admins hear at its limit.
    """
    if record.state == State.WAITING and record.wait:
        usual, limit = (
            end_wait(record.wait, now, length) for length in (record.wait.usual, record.wait.limit)
        )
        return DueTimes(usual, limit, limit)
    if is_up_to_a_person(record):
        times = get_times(record.slug, company_times)
        usual, latest = add_working_days(now, times.usual), add_working_days(now, times.latest)
        return DueTimes(usual, latest, usual)
    return DueTimes()


def is_up_to_a_person(record: "StepRecord") -> bool:
    """Open, or with a problem that the company has to solve."""
    return record.state in (State.OPEN, State.PROBLEM) and get_next_actor(record) == Actor.COMPANY


def end_wait(wait: Wait, start: datetime, length: timedelta) -> datetime:
    """When so much of a wait is over, in UTC: hours of the calendar, or of working days where the settings say so."""
    if wait.as_set and settings.PORTAL.vetting_hours == "working":
        return add_working_hours(start, length)
    return start + length
