"""By when a step is done, as one sentence for a page: nobody is blamed for what came late to them, or rests.

Waits say their own limit (status_text.py); what ops read of a late step is in stuck.py.
"""

from onboarding.journey.deadlines.due_times import is_up_to_a_person
from onboarding.journey.deadlines.pauses import find_pauses, is_paused
from onboarding.journey.models import StepRecord
from onboarding.people.models import User
from onboarding.ui.formatting import day, when

WHAT_TO_DO = "If something is in the way, report it on the step's page, or hand the step over."


def describe_deadline(record: StepRecord, user: User | None = None, *, is_outside: bool = False) -> str:
    """By when a person's step is usually done and at the latest; empty for any other, and where none is set.

    `is_outside`: the reader is let in from outside the company, and is not told why its deadlines rest.
    """
    usual, due = record.usual_at, record.due_at
    if not (usual and due and record.onboarding.is_active and is_up_to_a_person(record)):
        return ""
    if is_paused(record.onboarding):
        return describe_pause(record, is_outside=is_outside)
    if record.is_late:
        return _describe_late(record, user)
    return f"Usually done by {day(usual)}, at the latest by {day(due)}."


def _describe_late(record: StepRecord, user: User | None) -> str:
    due = record.due_at
    if due is None:
        return ""
    is_theirs = user is not None and record.assignee_id == user.pk
    if record.assigned_at and record.assigned_at > due:
        who = "you" if is_theirs else str(record.assignee)
        return f"It was expected by {day(due)}, before {who} had it."
    return f"It was expected by {day(due)}. {WHAT_TO_DO}" if is_theirs else f"It was expected by {day(due)}."


def describe_pause(record: StepRecord, *, is_outside: bool = False) -> str:
    """That the deadlines rest, since when and why; empty where they do not. One query, unless the reason was read."""
    since = record.onboarding.deadlines_paused_at
    if since is None:
        return ""
    if is_outside:
        return f"The deadlines are paused since {when(since)}."
    reason = find_pause_reason(record).strip().rstrip(".")
    return f"The deadlines are paused since {when(since)}. The reason: {reason}."


def find_pause_reason(record: StepRecord) -> str:
    """Of the oldest pause that is open: `pause_reason` where the query has brought it (with_tasks_columns)."""
    if not hasattr(record, "pause_reason"):
        pause = find_pauses(record.onboarding).first()
        record.pause_reason = pause.reason if pause else ""  # type: ignore[attr-defined]
    return str(record.pause_reason or "")  # type: ignore[attr-defined]
