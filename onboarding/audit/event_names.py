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
    STEP_RESENT = "step:state:sent-again"
    STEP_SETTLED = "step:state:settled"
    STEP_DONE = "step:state:done"
    STEP_CARRIED_OVER = "step:state:carried-over"
    STEP_DONE_BEFORE = "step:state:done-before"
    STEP_PROBLEM = "step:state:problem"
    STEP_SENT_BACK = "step:state:sent-back"
    STEP_REOPENED = "step:state:reopened"
    STEP_LOCKED = "step:state:locked"
    STEP_CLAIMED = "step:holder:taken"
    STEP_REASSIGNED = "step:holder:taken-back"
    STEP_UNCLAIMED = "step:holder:released"
    STEP_REMINDED = "step:holder:reminded"
    DEADLINES_PAUSED = "onboarding:deadlines:paused"
    DEADLINES_RESUMED = "onboarding:deadlines:resumed"
    STEP_TIMES_CHANGED = "company:step-times:changed"
    QUESTION_ASKED = "step:question:asked"
    QUESTION_ANSWERED = "step:question:answered"
    QUESTION_CLOSED = "step:question:closed"
    OFFER_CREATED = "handover:offer:made"
    OFFER_ACCEPTED = "handover:offer:accepted"
    OFFER_DECLINED = "handover:offer:declined"
    OFFER_WITHDRAWN = "handover:offer:withdrawn"
    OFFER_RETURNED = "handover:offer:returned"
    OFFER_EXPIRED = "handover:offer:expired"
    EXTERNAL_ROLE_CONFIRMED = "handover:system:ticked"
    GRANT_CREATED = "handover:grant:given"
    GRANT_EXTENDED = "handover:grant:extended"
    GRANT_REVOKED = "handover:grant:revoked"
    GRANT_ENDED = "handover:grant:ended"
    EVIDENCE_ADDED = "step:evidence:added"
    EVIDENCE_READ = "step:evidence:read"
    SECRET_SHOWN = "secret:credential:shown"  # noqa: S105  an event, not a secret
    SECRET_DOWNLOADED = "secret:bundle:downloaded"  # noqa: S105  an event, not a secret
    SECRET_SHARED = "secret:handover:passed"  # noqa: S105  an event, not a secret
    SECRET_OPENED = "secret:handover:opened"  # noqa: S105  an event, not a secret
    SECRET_SHARE_WITHDRAWN = "secret:handover:taken-back"  # noqa: S105  an event, not a secret
    SECRET_EXPIRED = "secret:handover:expired"  # noqa: S105  an event, not a secret
    SECRETS_DESTROYED = "secret:case:destroyed"
    SECOND_FACTOR_ADDED = "person:second-factor:added"
    SECOND_FACTOR_REMOVED = "person:second-factor:removed"
    SECOND_FACTOR_LOST = "person:second-factor:lost"
    RETENTION_CHOSEN = "company:retention:chosen"
    COMPANY_CHANGED = "company:details:changed"
    COMPANY_HELD = "company:hold:begun"
    COMPANY_RESUMED = "company:hold:ended"
    COMPANY_ARCHIVED = "company:archive:archived"
    COMPANY_RESTORED = "company:archive:restored"
    COMPANY_RUNG = "company:call:made"
    NOTE_ADDED = "company:note:added"
    WELCOME_RESENT = "company:welcome:resent"
    ADDRESS_CORRECTED = "company:primary:address-corrected"
    ROLE_ASSIGNED = "company:role:given"
    ROLE_CHANGED = "company:role:changed"
    MEMBER_REMOVED = "company:member:removed"
    INVITATION_SENT = "company:invitation:sent"
    INVITATION_RESENT = "company:invitation:resent"
    INVITATION_WITHDRAWN = "company:invitation:withdrawn"
    INVITATION_ACCEPTED = "company:invitation:accepted"
    EMERGENCY_REQUESTED = "company:emergency:asked"
    EMERGENCY_AGREED = "company:emergency:agreed"
    EMERGENCY_SENT = "company:emergency:sent"
    EMERGENCY_STOPPED = "company:emergency:stopped"
    EMERGENCY_EXPIRED = "company:emergency:expired"
    ACCOUNT_CLOSED = "person:account:closed"
    ACCOUNT_OPENED = "person:account:opened"
    PRIMARY_CHANGE_STARTED = "company:primary:change-started"
    PRIMARY_CHANGE_ENDED = "company:primary:change-ended"
    PRIMARY_CHANGED = "company:primary:changed"
    ABSENCE_SET = "company:absence:set"
    ABSENCE_ENDED = "company:absence:ended"
    REVIEW_DECIDED = "company:review:decided"


SENTENCES: dict[EventName, str] = {
    EventName.ONBOARDING_STARTED: "started the onboarding",
    EventName.ONBOARDING_COMPLETED: "completed the onboarding",
    EventName.ONBOARDING_WITHDRAWN: "withdrew the onboarding",
    EventName.STEP_BEGUN: "opened the step",
    EventName.STEP_SUBMITTED: "did the step",
    EventName.STEP_RESENT: "had the form sent to Atlas again",
    EventName.STEP_SETTLED: "saw the wait end",
    EventName.STEP_DONE: "finished the step",
    EventName.STEP_CARRIED_OVER: "carried the step over from an earlier onboarding",
    EventName.STEP_DONE_BEFORE: "said that the step was done before this portal was used",
    EventName.STEP_PROBLEM: "reported a problem",
    EventName.STEP_SENT_BACK: "sent the step back",
    EventName.STEP_REOPENED: "opened the step again",
    EventName.STEP_LOCKED: "closed the step until an earlier one is done again",
    EventName.STEP_CLAIMED: "took the step",
    EventName.STEP_REASSIGNED: "took the step back",
    EventName.STEP_UNCLAIMED: "gave the step back to the team",
    EventName.STEP_REMINDED: "had a reminder sent to whoever has to act",
    EventName.DEADLINES_PAUSED: "paused the deadlines",
    EventName.DEADLINES_RESUMED: "let the deadlines go on",
    EventName.STEP_TIMES_CHANGED: "changed how long a step may take in this company",
    EventName.QUESTION_ASKED: "asked ops a question about the step",
    EventName.QUESTION_ANSWERED: "answered a question about the step",
    EventName.QUESTION_CLOSED: "closed a question about the step without an answer",
    EventName.OFFER_CREATED: "offered to hand over",
    EventName.OFFER_ACCEPTED: "accepted what was handed over",
    EventName.OFFER_DECLINED: "declined what was offered",
    EventName.OFFER_WITHDRAWN: "withdrew the offer",
    EventName.OFFER_RETURNED: "returned what was handed over",
    EventName.OFFER_EXPIRED: "closed an offer that nobody answered in time",
    EventName.EXTERNAL_ROLE_CONFIRMED: "saw to the receiver's role in another system",
    EventName.GRANT_CREATED: "let somebody outside the company in to single steps",
    EventName.GRANT_EXTENDED: "extended the access of somebody outside the company",
    EventName.GRANT_REVOKED: "revoked the access of somebody outside the company",
    EventName.GRANT_ENDED: "closed an access whose date was past",
    EventName.EVIDENCE_ADDED: "added evidence",
    EventName.EVIDENCE_READ: "opened an evidence file",
    EventName.SECRET_SHOWN: "was shown the API key and secret, once",
    EventName.SECRET_DOWNLOADED: "downloaded a file that holds the private key",
    EventName.SECRET_SHARED: "passed a secret on, to be opened once",
    EventName.SECRET_OPENED: "opened what was shared, once",
    EventName.SECRET_SHARE_WITHDRAWN: "took back a secret that nobody had opened",
    EventName.SECRET_EXPIRED: "destroyed a secret that nobody had opened in time",
    EventName.SECRETS_DESTROYED: "destroyed the stored secrets",
    EventName.SECOND_FACTOR_ADDED: "set up a second factor",
    EventName.SECOND_FACTOR_REMOVED: "removed a second factor",
    EventName.SECOND_FACTOR_LOST: "removed the second factor of somebody who had lost it",
    EventName.RETENTION_CHOSEN: "chose how long secrets are kept after the upload",
    EventName.COMPANY_CHANGED: "corrected the company's name, number or country",
    EventName.COMPANY_HELD: "put the company on hold",
    EventName.COMPANY_RESUMED: "ended the hold of the company",
    EventName.COMPANY_ARCHIVED: "archived the company",
    EventName.COMPANY_RESTORED: "put the company back into the lists",
    EventName.COMPANY_RUNG: "rang the company",
    EventName.NOTE_ADDED: "wrote a note",
    EventName.WELCOME_RESENT: "had the welcome email sent again",
    EventName.ADDRESS_CORRECTED: "corrected the address of a Primary Certificate Admin who had never signed in",
    EventName.ROLE_ASSIGNED: "gave a role",
    EventName.ROLE_CHANGED: "changed a role",
    EventName.MEMBER_REMOVED: "removed a person from the company",
    EventName.INVITATION_SENT: "sent an invitation",
    EventName.INVITATION_RESENT: "sent an invitation again",
    EventName.INVITATION_WITHDRAWN: "withdrew an invitation",
    EventName.INVITATION_ACCEPTED: "accepted an invitation",
    EventName.EMERGENCY_REQUESTED: "asked for an emergency invitation",
    EventName.EMERGENCY_AGREED: "agreed to an emergency invitation",
    EventName.EMERGENCY_SENT: "sent an emergency invitation",
    EventName.EMERGENCY_STOPPED: "stopped an emergency invitation",
    EventName.EMERGENCY_EXPIRED: "ended an emergency invitation that was not sent in time",
    EventName.ACCOUNT_CLOSED: "closed an account",
    EventName.ACCOUNT_OPENED: "opened an account again",
    EventName.PRIMARY_CHANGE_STARTED: "asked for a change of the Primary Certificate Admin",
    EventName.PRIMARY_CHANGE_ENDED: "ended a change of the Primary Certificate Admin before it was made",
    EventName.PRIMARY_CHANGED: "became Primary Certificate Admin",
    EventName.ABSENCE_SET: "entered an absence",
    EventName.ABSENCE_ENDED: "ended an absence",
    EventName.REVIEW_DECIDED: "decided in the review of users",
}
