"""Every event's name, `subject:thing:action`, with the sentence it becomes on the history page.

A name that is not listed here cannot be recorded.
"""

from enum import StrEnum


class EventName(StrEnum):
    """What can happen. The history page needs a sentence for each (SENTENCES; a test proves it)."""

    ONBOARDING_STARTED = "onboarding:journey:started"
    ONBOARDING_COMPLETED = "onboarding:journey:completed"
    ONBOARDING_WITHDRAWN = "onboarding:journey:withdrawn"
    STEP_BEGUN = "step:state:begun"
    STEP_SUBMITTED = "step:state:submitted"
    STEP_SETTLED = "step:state:settled"
    STEP_DONE = "step:state:done"
    STEP_PROBLEM = "step:state:problem"
    STEP_SENT_BACK = "step:state:sent-back"
    STEP_REOPENED = "step:state:reopened"
    STEP_LOCKED = "step:state:locked"
    STEP_TAKEN = "step:holder:taken"
    STEP_TAKEN_BACK = "step:holder:taken-back"
    STEP_RELEASED = "step:holder:released"
    EVIDENCE_ADDED = "step:evidence:added"
    EVIDENCE_READ = "step:evidence:read"
    SECRET_SHOWN = "secret:credential:shown"  # noqa: S105  an event, not a secret
    SECRET_DOWNLOADED = "secret:bundle:downloaded"  # noqa: S105  an event, not a secret
    SECRETS_DESTROYED = "secret:case:destroyed"
    ROLE_GIVEN = "company:role:given"


SENTENCES: dict[EventName, str] = {
    EventName.ONBOARDING_STARTED: "started the onboarding",
    EventName.ONBOARDING_COMPLETED: "completed the onboarding",
    EventName.ONBOARDING_WITHDRAWN: "withdrew the onboarding",
    EventName.STEP_BEGUN: "opened the step",
    EventName.STEP_SUBMITTED: "did the step",
    EventName.STEP_SETTLED: "saw the wait end",
    EventName.STEP_DONE: "finished the step",
    EventName.STEP_PROBLEM: "reported a problem",
    EventName.STEP_SENT_BACK: "sent the step back",
    EventName.STEP_REOPENED: "opened the step again",
    EventName.STEP_LOCKED: "closed the step until an earlier one is done again",
    EventName.STEP_TAKEN: "took the step",
    EventName.STEP_TAKEN_BACK: "took the step back",
    EventName.STEP_RELEASED: "gave the step back to the team",
    EventName.EVIDENCE_ADDED: "added evidence",
    EventName.EVIDENCE_READ: "opened an evidence file",
    EventName.SECRET_SHOWN: "was shown the API key and secret, once",
    EventName.SECRET_DOWNLOADED: "downloaded a file that holds the private key",
    EventName.SECRETS_DESTROYED: "destroyed the stored secrets",
    EventName.ROLE_GIVEN: "gave a role",
}
