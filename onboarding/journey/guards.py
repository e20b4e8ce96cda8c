"""May this person do this now? A yes, or a sentence that says why not.

Pages ask the same functions as the moves do, so a button that shows is a button that works. Nothing is read here: an
Access (access.py) says what the person's rights are, for a page as of its request, for a move as of its lock.
"""

from onboarding.journey.access import Access
from onboarding.journey.definitions import KeyUse
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.problems import ProblemCode, find_problem
from onboarding.journey.steps import BY_SLUG, PRIMARY_ONLY, State, get_definition
from onboarding.people.decisions import ALLOWED, Decision, Reason
from onboarding.people.models import Role
from onboarding.ui.formatting import when

NEVER_WITH_THIS_KEY = (
    "A key that others may have seen cannot be made safe again. A Certificate Admin sends this step back to "
    "“Create the CSR”, and a new key is made there."
)


def may_act(access: Access, record: StepRecord) -> Decision:
    """May this person do the step's task, were it open? By role (R7, R32) and by who holds it."""
    by_role = _has_role(access, record)
    if not by_role:
        return by_role
    if record.assignee_id not in (None, access.user.pk):
        return Decision.refuse(
            f"{record.assignee} holds this step. Take it back first, or ask {record.assignee}.",
            Reason.PERMISSION,
        )
    return ALLOWED


def _has_role(access: Access, record: StepRecord) -> Decision:
    _require_same(access, record)
    role = access.role
    if role in record.definition.who or has_grant(access, record):
        return ALLOWED
    you = f"You are a {role.label} of {record.onboarding.company.name}" if role else _outsider(access)
    why = " It is tied to the person whom GlobalSign vets." if record.definition.who == PRIMARY_ONLY else ""
    return Decision.refuse(
        f"Only {record.definition.who_words()} may do this.{why} {you}.", Reason.PERMISSION
    )


def _require_same(access: Access, record: StepRecord) -> None:
    """A mistake of ours, which must not let anybody in: rights count in the onboarding for which they were read."""
    if access.onboarding.pk != record.onboarding_id:
        raise ValueError("These are the rights in another onboarding.")


def has_grant(access: Access, record: StepRecord) -> bool:
    """Whether an outside technician was let in to this step; only technical steps can be granted."""
    return Role.TECHNICIAN in record.definition.who and access.is_outside and record.pk in access.granted


def may_be_assigned(access: Access, record: StepRecord) -> Decision:
    """Is this step one for this person at all, by role or by grant, whoever holds it and however it stands?"""
    return _has_role(access, record)


def may_hand_over(access: Access, record: StepRecord) -> Decision:
    """May this person offer the step to somebody else? Who may do it may, except what is tied to the primary (R1)."""
    if record.definition.who == PRIMARY_ONLY:
        return Decision.refuse(NOT_TO_HAND_OVER, Reason.PERMISSION)
    if record.state == State.DONE:
        return _wrong_state(record)
    if access.role is None:
        return Decision.refuse(
            "Only people of the company hand its steps over. Return the step instead.", Reason.PERMISSION
        )
    return _active(record.onboarding) and may_act(access, record)


NOT_TO_HAND_OVER = (
    "This step is tied to the person whom GlobalSign vets, so it cannot be handed to anybody else. If that person "
    "leaves, ops start a change of the Primary Certificate Admin."
)


def _outsider(access: Access) -> str:
    return "You look at this as ops" if access.is_ops else "You are not a member of the company"


def may_submit(access: Access, record: StepRecord) -> Decision:
    """May this person send the step's form now?"""
    return _active(record.onboarding) and may_act(access, record) and _is(record, State.OPEN)


def may_confirm(access: Access, record: StepRecord) -> Decision:
    """May this person end the wait, or the doubt about what Atlas has already, with evidence now?"""
    allowed = _active(record.onboarding) and may_act(access, record)
    return allowed and (ALLOWED if _is_in_doubt(record) else _is(record, State.WAITING))


def may_send_anew(access: Access, record: StepRecord) -> Decision:
    """May this person have the form sent, although Atlas has something that may be the same?"""
    allowed = _active(record.onboarding) and may_act(access, record)
    return allowed and (ALLOWED if _is_in_doubt(record) else _wrong_state(record))


def _is_in_doubt(record: StepRecord) -> bool:
    known = find_problem(record.problem_code)
    return record.state == State.PROBLEM and known is not None and known.found_in_atlas


def may_reopen(access: Access, record: StepRecord) -> Decision:
    """May this person try the step again after a problem? With a key that others may have seen nobody may."""
    if record.problem_code == ProblemCode.KEY_EXPOSED and any(
        get_definition(to).key is KeyUse.MAKES for to in record.definition.back_to
    ):
        return Decision.refuse(NEVER_WITH_THIS_KEY, Reason.STATE)
    return _active(record.onboarding) and may_act(access, record) and _is(record, State.PROBLEM)


def may_report_problem(access: Access, record: StepRecord) -> Decision:
    """May this person say that the step went wrong?"""
    if record.state not in (State.OPEN, State.WAITING):
        return _wrong_state(record)
    return _active(record.onboarding) and may_act(access, record)


def may_check_now(access: Access, record: StepRecord) -> Decision:
    """May this person have the portal look at once whether it is done? Who may be assigned the step, and ops."""
    allowed = _active(record.onboarding) and (ALLOWED if access.is_ops else may_be_assigned(access, record))
    if allowed and record.next_check_at is None:
        return Decision.refuse(
            f"The portal does not look by itself whether “{record.definition.title}” is done.", Reason.STATE
        )
    return allowed


def may_remind(access: Access, record: StepRecord) -> Decision:
    """May this person have whoever must act reminded? Who sees the whole case may, unless it is for them to act.

    Somebody let in from outside holds the steps that they see, and of others they are not to know who has them. How
    often, and whom, is decided in reminders.py.
    """
    _require_same(access, record)
    if access.is_outside:
        return Decision.refuse(
            f"Only people of {access.onboarding.company.name} and ops can send reminders. Ask the person who handed "
            "you your steps.",
            Reason.PERMISSION,
        )
    if record.assignee_id == access.user.pk or (record.assignee_id is None and may_act(access, record)):
        return Decision.refuse(
            f"“{record.definition.title}” is for you to do, so there is nobody to remind. If you cannot do it, its "
            "page says who else can.",
            Reason.PERMISSION,
        )
    return _active(record.onboarding)


def may_send_back(access: Access, record: StepRecord, to: str) -> Decision:
    """May this person have an earlier step done again? Certificate Admins, along the table's `back_to`."""
    if to not in record.definition.back_to:
        return Decision.refuse("This step cannot be sent back to that one.", Reason.STATE)
    if record.state not in (State.OPEN, State.WAITING, State.PROBLEM):
        return _wrong_state(record)
    return _active(record.onboarding) and _is_admin(access, record)


def may_withdraw(access: Access) -> Decision:
    """May this person end the onboarding? The Primary Certificate Admin, or ops."""
    if access.is_ops or access.role == Role.PRIMARY:
        return _active(access.onboarding)
    return Decision.refuse(
        "Only the Primary Certificate Admin or ops may withdraw an onboarding.", Reason.PERMISSION
    )


def may_claim(access: Access, record: StepRecord) -> Decision:
    """May this person take the step nobody holds?"""
    if record.state not in (State.OPEN, State.PROBLEM, State.WAITING):
        return _wrong_state(record)
    if record.assignee_id is not None:
        return Decision.refuse(
            f"{record.assignee} holds this step since {when(record.assigned_at or record.since)}.",
            Reason.STATE,
        )
    return _active(record.onboarding) and _has_role(access, record)


def may_reassign(access: Access, record: StepRecord) -> Decision:
    """May this person take the step from its assignee? A Certificate Admin may, with a reason that both see."""
    if record.assignee_id is None or record.assignee_id == access.user.pk:
        return Decision.refuse("Nobody else holds this step.", Reason.STATE)
    if record.state == State.DONE:
        return _wrong_state(record)
    return _active(record.onboarding) and _has_role(access, record) and _is_admin(access, record)


def may_unclaim(access: Access, record: StepRecord) -> Decision:
    """May this person give the step back to the team?"""
    if record.assignee_id != access.user.pk:
        return Decision.refuse("This step is not assigned to you.", Reason.STATE)
    if record.state == State.DONE:
        return _wrong_state(record)
    return _active(record.onboarding)


def _is_admin(access: Access, record: StepRecord) -> Decision:
    _require_same(access, record)
    if access.is_admin:
        return ALLOWED
    return Decision.refuse(
        f"Only a Certificate Admin of {access.onboarding.company.name} may do this.", Reason.PERMISSION
    )


def _active(onboarding: Onboarding) -> Decision:
    if onboarding.is_active:
        return ALLOWED
    return Decision.refuse(
        f"This onboarding is {onboarding.get_status_display().lower()}; nothing can be changed.", Reason.STATE
    )


def _is(record: StepRecord, wanted: State) -> Decision:
    return ALLOWED if record.state == wanted else _wrong_state(record)


def _wrong_state(record: StepRecord) -> Decision:
    return Decision.refuse(f"“{record.definition.title}” {describe_state(record)}.", Reason.STATE)


def describe_state(record: StepRecord) -> str:
    """How a step stands, as the end of a sentence."""
    by = f" by {_name_mover(record)}" if record.moved_at else ""
    at = f" on {when(record.moved_at)}" if record.moved_at else ""
    match record.state:
        case State.DONE:
            return f"was done{by}{at}"
        case State.LOCKED:
            titles = " and ".join(f"“{BY_SLUG[slug].title}”" for slug in record.definition.needs)
            return f"cannot start yet: first {titles} must be done"
        case State.WAITING:
            return f"was sent{by}{at} and is waiting now" if record.submitted_at else "is waiting now"
        case State.PROBLEM:
            return f"has a problem since{at.removeprefix(' on') or ' just now'}"
        case _:
            return f"was opened{by}{at} and is to do"


def describe_done_already(record: StepRecord) -> str:
    """Who did what an older page of this step asks for, and when; empty where it was not done."""
    sent = record.state == State.WAITING and record.submitted_at
    wait_over = record.state == State.OPEN and record.witness
    if not (record.state == State.DONE or sent or wait_over) or record.moved_at is None:
        return ""
    return f"This is done already, by {_name_mover(record)} on {when(record.moved_at)}."


def _name_mover(record: StepRecord) -> str:
    """Who moved the step last; with the person who sent it, where the portal did."""
    sender = record.submitted_by if record.submitted_at else None
    return str(record.moved_by or (f"{sender} and the portal" if sender else "the portal"))
