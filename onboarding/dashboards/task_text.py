"""What a row of Your tasks says: who acts (name, then role), since when, until when.

Waits, locked and done steps are said in the words of journey/status_text.py.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from onboarding.dashboards.task_index import TaskIndex
from onboarding.dashboards.task_lines import OfferLine
from onboarding.handover.models import Offer
from onboarding.journey.deadlines.deadline_text import describe_deadline
from onboarding.journey.models import StepRecord
from onboarding.journey.page_files import PageFiles
from onboarding.journey.problems import get_title
from onboarding.journey.projection import get_next_actor
from onboarding.journey.status_text import describe_status
from onboarding.journey.steps import PRIMARY_ONLY, Actor, State
from onboarding.people.models import Role, User
from onboarding.people.role_descriptions import name_with_role
from onboarding.ui.formatting import when


@dataclass(frozen=True)
class Reader:
    """Who reads the row: their role in the company (None from outside), the case's files, and whether they may act."""

    user: User
    role: Role | None
    files: PageFiles | None
    acts: bool


def describe_step(record: StepRecord, reader: Reader) -> str:
    """The sentence of a step's row."""
    match record.state:
        case State.OPEN:
            sentence = f"{_describe_holder(record, reader)} since {when(record.since)}."
        case State.PROBLEM:
            sentence = f"{get_title(record.problem_code)}. {_describe_who_mends(record, reader)}"
        case State.DONE if record.moved_at and record.moved_by_id == reader.user.pk:
            sentence = f"You finished it on {when(record.moved_at)}."
        case State.WAITING if not reader.acts:
            sentence = _describe_wait(record, reader)
        case _:
            sentence = describe_status(record, reader.user, files=reader.files)
    if deadline := describe_deadline(record, reader.user, is_outside=_is_outside(reader)):
        sentence = f"{sentence} {deadline}"
    until = get_access_until(record, reader)
    return f"{sentence} You have access until {when(until)}." if until else sentence


def _is_outside(reader: Reader) -> bool:
    return reader.role is None and not reader.user.is_ops


def _describe_wait(record: StepRecord, reader: Reader) -> str:
    acts = get_next_actor(record)
    sentence = describe_status(record, reader.user, files=reader.files)
    return f"{acts.label} has to act. {sentence}" if sentence.startswith("Waiting") else sentence


def _describe_who_mends(record: StepRecord, reader: Reader) -> str:
    actor = get_next_actor(record)
    who = _describe_holder(record, reader) if actor == Actor.COMPANY else f"{actor.label} has to act"
    return f"{who} since {when(record.since)}."


def _describe_holder(record: StepRecord, reader: Reader) -> str:
    actor = _find_person(record, reader)
    if actor == YOU:
        return "Yours"
    return f"{actor} has it" if record.assignee_id else f"To be done by {actor}"


YOU = "You"


def describe_actor(record: StepRecord, reader: Reader) -> str:
    """Who acts, for a column: a person's name and role, GlobalSign, Atlas, this portal or ops."""
    if record.state == State.DONE:
        return YOU if record.moved_by_id == reader.user.pk else str(record.moved_by or "This portal")
    if record.state == State.LOCKED:
        return "Nobody yet"
    actor = get_next_actor(record)
    if actor == Actor.COMPANY or reader.acts:
        return _find_person(record, reader)
    return actor.label


def _find_person(record: StepRecord, reader: Reader) -> str:
    """Who of the company has the step, or may do it where nobody has it."""
    if record.assignee_id == reader.user.pk:
        return YOU
    if record.assignee is not None:
        return _with_role(str(record.assignee), getattr(record, "assignee_role", None), reader.role)
    if record.definition.who != PRIMARY_ONLY:
        return record.definition.who_words()
    primary = getattr(record, "primary_name", None)
    if reader.role == Role.PRIMARY:
        return YOU
    return f"{primary} ({Role.PRIMARY.label})" if primary and reader.role else record.definition.who_words()


def _with_role(name: str, role: str | None, reader: Role | None) -> str:
    """Who has which role in the company is its people's to know."""
    return name if reader is None else name_with_role(name, role)


def get_access_until(record: StepRecord, reader: Reader) -> datetime | None:
    """When the access to a step that is not done ends, of a reader who was let in from outside."""
    until: datetime | None = getattr(record, "access_until", None)
    return until if record.state != State.DONE and reader.role is None else None


def describe_receiver(offer: Offer, roles: dict[UUID, Role]) -> str:
    """Who is asked, with the role where there is one."""
    role = getattr(offer, "to_role", None)
    known = role if not offer.is_outside and offer.company_id in roles else None
    return _with_role(offer.receiver, known, roles.get(offer.company_id) if known else None)


def describe_offer(offer: Offer, line: OfferLine, index: TaskIndex) -> str:
    """The sentence of an offer's row, for either side of it."""
    if offer.to_user_id == index.user.pk:
        return _describe_received(offer, index)
    receiver, at = describe_receiver(offer, index.roles), when(line.ended_at)
    match offer.status:
        case Offer.Status.OFFERED if line.is_open:
            return (
                f"{receiver} has not answered since {when(offer.made_at)} and can until {when(offer.expires_at)}. "
                "It stays yours until then."
            )
        case Offer.Status.OFFERED if not line.to_do:
            return f"{receiver} need not answer any more: it is done."
        case Offer.Status.ACCEPTED:
            return f"{receiver} accepted on {at}. {' '.join(_describe_outcome(r) for r in offer.records())}"
        case Offer.Status.DECLINED:
            return f"{receiver} declined on {at}: {offer.answer}"
        case Offer.Status.RETURNED:
            return f"{receiver} returned it on {at}: {offer.answer}"
        case Offer.Status.WITHDRAWN:
            return f"The offer to {receiver} was withdrawn on {at}."
        case _:
            return f"{receiver} did not answer by {at}."


def _describe_received(offer: Offer, index: TaskIndex) -> str:
    role = getattr(offer, "from_role", None)
    sender = _with_role(str(offer.from_user), role, index.roles.get(offer.company_id))
    if offer.status == Offer.Status.DECLINED:
        return f"You declined on {when(offer.answered_at or offer.made_at)}: {offer.answer}"
    if offer.status == Offer.Status.RETURNED:
        return f"You returned it to {sender} on {when(offer.answered_at or offer.made_at)}: {offer.answer}"
    return (
        f"{sender} offered it to you on {when(offer.made_at)}. You can answer until {when(offer.expires_at)}."
    )


def _describe_outcome(record: StepRecord) -> str:
    """How a step that was accepted stands now."""
    if record.state == State.DONE:
        return f"“{record.definition.title}”: {describe_status(record)}"
    whose = f"{record.assignee} has it" if record.assignee else "nobody has it"
    return f"“{record.definition.title}”: {whose}, not done yet."
