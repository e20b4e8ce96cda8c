"""What comes after a step that is done, and who has it: on that step's page, as one sentence and one way on.

Somebody let in from outside is told of their own steps only. What happens now in the whole journey is in now.py.
"""

from dataclasses import dataclass

from django.urls import reverse

from onboarding.journey import damage, guards
from onboarding.journey.access import Access, list_granted_steps
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.page_files import PageFiles
from onboarding.journey.status_text import describe_status
from onboarding.journey.steps import State
from onboarding.journey.views.now import describe_now


@dataclass(frozen=True)
class NextStep:
    """The way on. `sentence` goes before the link `action`; `is_yours`: the link is the page's main button."""

    sentence: str
    url: str
    action: str
    is_yours: bool = False


def describe_next(access: Access, records: list[StepRecord], files: PageFiles) -> NextStep | None:
    """The way on from a step that is done; None once the onboarding was withdrawn.

    `records` are all steps of the onboarding in order.
    """
    onboarding = access.onboarding
    if onboarding.status == Onboarding.Status.WITHDRAWN:
        return None
    if access.is_outside:
        return _describe_next_outside(access)
    if onboarding.status == Onboarding.Status.COMPLETED:
        url = reverse("journey:journey", args=[onboarding.code])
        return NextStep("The onboarding is complete.", url, "See the complete onboarding", is_yours=True)
    moving = _list_moving(records)
    return (_find_yours(access, moving, files) or _describe_first(access, moving, files)) if moving else None


def _list_moving(records: list[StepRecord]) -> list[StepRecord]:
    return [
        each
        for each in damage.leave_out_damaged(records)
        if each.state in (State.OPEN, State.WAITING, State.PROBLEM)
    ]


def _find_yours(access: Access, moving: list[StepRecord], files: PageFiles) -> NextStep | None:
    """The first step that this person can do now, although an earlier one may still wait."""
    for record in moving:
        now = describe_now(access, record, files)
        fixes = now.kind == "problem" and guards.may_act(access, record)
        if now.kind == "yours" or fixes:
            return NextStep("", now.url, f"Next: {record.definition.title}", is_yours=True)
    return None


def _describe_first(access: Access, moving: list[StepRecord], files: PageFiles) -> NextStep:
    record = moving[0]
    now = describe_now(access, record, files)
    lead = "Next is a wait. You have nothing to do. " if now.kind == "wait" else ""
    return NextStep(f"{lead}{now.sentence}", now.url, f"Next: {record.definition.title}")


def _describe_next_outside(access: Access) -> NextStep:
    """Of the steps to which they were let in only; who in the company goes on is not theirs to know."""
    onboarding, home = access.onboarding, reverse("dashboards:tasks")
    own = damage.leave_out_damaged(list_granted_steps(access.user, onboarding.code))
    if onboarding.is_active:
        for record in own:
            if record.state in (State.OPEN, State.PROBLEM) and guards.may_act(access, record):
                url = reverse("journey:step", args=[onboarding.code, record.slug])
                return NextStep("", url, f"Next: {record.definition.title}", is_yours=True)
        ahead = next((each for each in own if each.state != State.DONE), None)
        if ahead:
            said = describe_status(ahead, access.user)
            lead = f"You have nothing to do now. Your next step is “{ahead.definition.title}”."
            return NextStep(f"{lead} {said}", home, "Your tasks")
    return NextStep(
        f"You have nothing more to do here. The people of {onboarding.company.name} go on.",
        home,
        "Your tasks",
    )
