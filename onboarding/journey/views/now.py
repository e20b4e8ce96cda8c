"""What happens now: one panel, one sentence, one button; of four kinds.

The words are in status_text.py.
"""

from dataclasses import dataclass

from onboarding.journey import guards
from onboarding.journey.access import Access
from onboarding.journey.deadlines.deadline_text import describe_deadline
from onboarding.journey.models import StepRecord
from onboarding.journey.page_files import PageFiles
from onboarding.journey.problems import get_title
from onboarding.journey.projection import get_next_actor
from onboarding.journey.status_text import describe_manual_end, describe_status
from onboarding.journey.steps import Actor, State
from onboarding.ui.addresses import find_address


@dataclass(frozen=True)
class Now:
    """One panel. `kind`: yours, theirs, wait or problem."""

    kind: str
    heading: str
    sentence: str
    url: str
    action: str
    record: StepRecord


def describe_now(access: Access, record: StepRecord, files: PageFiles) -> Now:
    """The panel for a step that is not done, as this person sees it."""
    user = access.user
    url = find_address("journey:step", record.onboarding.code, record.slug)
    allowed = bool(guards.may_act(access, record))
    title = record.definition.title
    if record.state == State.PROBLEM:
        heading = get_title(record.problem_code)
        return Now("problem", heading, _describe(access, record, files), url, "See what to do", record)
    if describe_manual_end(record, files) and guards.may_confirm(access, record):
        return Now("yours", title, describe_status(record, user, files=files), url, "Continue", record)
    if record.state == State.WAITING:
        return Now("wait", title, describe_status(record, user, files=files), url, "See the wait", record)
    if allowed and get_next_actor(record) == Actor.COMPANY:
        sentence = _describe(access, record, files, primary=True)
        return Now("yours", title, sentence, url, "Continue", record)
    return Now("theirs", title, _describe(access, record, files), url, "See the step", record)


def _describe(access: Access, record: StepRecord, files: PageFiles, *, primary: bool = False) -> str:
    """How a person's step stands, and by when it is done."""
    status = describe_status(record, access.user, primary=primary, files=files)
    return f"{status} {describe_deadline(record, access.user, is_outside=access.is_outside)}".strip()
