"""What happens now: one panel, one sentence, one button; of four kinds.

The words are in status_text.py.
"""

from dataclasses import dataclass

from django.urls import reverse

from onboarding.journey import guards
from onboarding.journey.models import StepRecord
from onboarding.journey.problems import get_title
from onboarding.journey.projection import get_next_actor
from onboarding.journey.status_text import describe_manual_end, describe_status
from onboarding.journey.steps import Actor, State
from onboarding.people.models import User


@dataclass(frozen=True)
class Now:
    """One panel. `kind`: yours, theirs, wait or problem."""

    kind: str
    heading: str
    sentence: str
    url: str
    action: str
    record: StepRecord


def describe_now(record: StepRecord, user: User) -> Now:
    """The panel for a step that is not done, as this person sees it."""
    url = reverse("journey:step", args=[record.onboarding.code, record.slug])
    allowed = bool(guards.may_act(user, record))
    title = record.definition.title
    if record.state == State.PROBLEM:
        heading = get_title(record.problem_code)
        return Now("problem", heading, describe_status(record, user), url, "See what to do", record)
    if describe_manual_end(record) and guards.may_confirm(user, record):
        return Now("yours", title, describe_status(record, user), url, "Continue", record)
    if record.state == State.WAITING:
        return Now("wait", title, describe_status(record, user), url, "See the wait", record)
    if allowed and get_next_actor(record) == Actor.COMPANY:
        return Now("yours", title, describe_status(record, user, primary=True), url, "Continue", record)
    return Now("theirs", title, describe_status(record, user), url, "See the step", record)
