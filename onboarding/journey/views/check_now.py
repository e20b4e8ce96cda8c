"""When the portal looks whether a step is done, as a line on its page, and the button that has it look at once.

When it looks otherwise is decided in polling/schedule.py.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from certs import clock
from onboarding.journey import guards
from onboarding.journey.access import Access, get_step, read_access
from onboarding.journey.models import StepRecord
from onboarding.journey.polling import schedule
from onboarding.journey.polling.intervals import ASK_AGAIN
from onboarding.people.access import person
from onboarding.people.decisions import require
from onboarding.ui.formatting import duration, when
from onboarding.ui.post_only import posted_from

SHORT = timedelta(minutes=2)  # lengths below it are said in seconds
LOOKS = "The portal looks now. That takes some seconds."
LOOKS_ALREADY = "The portal is looking already. That takes some seconds."
LOOKED = (
    f"The portal looked less than {ASK_AGAIN.seconds} seconds ago. Wait a moment before you ask it again."
)


@dataclass(frozen=True)
class Look:
    """`every`: from the last look to the next one, as words. `is_due`: it looks at this moment, or is about to."""

    last: datetime | None
    every: str
    is_due: bool
    found: str
    may_check: bool


def describe_look(access: Access, record: StepRecord) -> Look | None:
    """When the portal looks at this step; None where it does not."""
    if record.next_check_at is None or not record.onboarding.is_active:
        return None
    last = record.polled_at if record.poll_count else None  # of this state, not of the one before
    return Look(
        last=last,
        every=_say(record.next_check_at - last) if last else "",
        is_due=_is_due(record),
        found=record.last_poll_result if last else "",
        may_check=bool(guards.may_check_now(access, record)),
    )


def _is_due(record: StepRecord) -> bool:
    due = record.next_check_at is not None and record.next_check_at <= clock.now()
    return due or record.poll_queued or record.unfinished_polls > 0


def _why_not(record: StepRecord) -> str:
    if _is_due(record):
        return LOOKS_ALREADY
    if schedule.is_held_back(record) and record.next_check_at:
        return f"The portal cannot ask Atlas again yet. It looks again on {when(record.next_check_at)}."
    return LOOKED


def _say(length: timedelta) -> str:
    if length >= SHORT:
        return duration(length)
    seconds = max(round(length.total_seconds()), 1)
    return "second" if seconds == 1 else f"{seconds} seconds"


@posted_from("journey:step", "code", "slug", may_see=get_step)
def check_now(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Have a worker look at once."""
    user = person(request)
    record = get_step(user, code, slug)
    require(guards.may_check_now(read_access(user, record.onboarding), record))
    messages.info(request, LOOKS if schedule.bring_forward(record) else _why_not(record))
    return redirect("journey:step", code, slug)
