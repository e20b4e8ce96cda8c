"""One sentence per step: who must act, on what, since when, until when.

Dashboards, journey and emails all speak with these words.
"""

from datetime import date, timedelta

from django.conf import settings

from onboarding.journey.definitions import CARRIED_FROM, NOT_NEEDED, Fact, Lacking
from onboarding.journey.models import StepRecord
from onboarding.journey.page_files import PageFiles, StepOfCase, get_manual_end
from onboarding.journey.problems import get_title
from onboarding.journey.projection import get_next_actor
from onboarding.journey.steps import BY_SLUG, PRIMARY_ONLY, Actor, State, Witness
from onboarding.people.models import User
from onboarding.ui.formatting import day, duration, when

KEPT_ELSEWHERE = (
    "The API credential was carried over and its secret is not here, so somebody of yours who has the secret runs the "
    "test sign-in and brings its answer."
)


def describe_status(
    record: StepRecord, user: User | None = None, *, primary: bool = False, files: PageFiles | None = None
) -> str:
    """The sentence about a step, as this person reads it; `primary`: the reader is the company's primary admin.

    `files` are the case's, where the page has read them already.
    """
    match record.state:
        case State.OPEN:
            if primary and record.assignee is None and record.definition.who == PRIMARY_ONLY:
                return f"Yours since {when(record.since)}."
            return f"{_holder(record, user)} since {when(record.since)}."
        case State.WAITING:
            return _waiting(record, files)
        case State.PROBLEM:
            return f"{get_title(record.problem_code)}. {describe_who_mends(record, user)}"
        case State.DONE:
            return _done(record)
        case _:
            return f"Opens when {_needs(record)} done."


def _done(record: StepRecord) -> str:
    """Who did it: also where the portal came last, after a person had sent what it needs."""
    if record.moved_at is None:
        return "Done."
    at = when(record.moved_at)
    if record.witness == Witness.CARRIED_OVER:
        return f"Carried over from {record.facts.get(CARRIED_FROM.name)} on {at}."
    if record.witness == Witness.BEFORE:
        return f"Done before this portal was used, as {record.moved_by or 'the portal'} said on {at}."
    if record.moved_by:
        return f"{record.moved_by} finished it on {at}."
    if record.submitted_at and record.submitted_by:
        return f"{record.submitted_by} sent it, and the portal finished it on {at}."
    had = f"{record.assignee} had it. " if record.assignee else ""
    if record.witness == Witness.ATLAS:
        return f"{had}The portal saw in Atlas on {at} that it is done."
    return f"{had}The portal finished it on {at}."


def _holder(record: StepRecord, user: User | None) -> str:
    if record.assignee is None:
        return f"To be done by {record.definition.who_words()}"
    return "Yours" if user and record.assignee_id == user.pk else f"{record.assignee} has it"


def describe_who_mends(record: StepRecord, user: User | None = None) -> str:
    """Whose move a problem is, and since when."""
    return f"{_problem_mover(record, user)} since {when(record.since)}."


def _problem_mover(record: StepRecord, user: User | None) -> str:
    next_actor = get_next_actor(record)
    if next_actor == Actor.COMPANY:
        return _holder(record, user)
    return f"{next_actor.label} has to act"


def describe_manual_end(record: StepOfCase, files: PageFiles | None = None) -> str:
    """What a person has to do to end this wait, where no worker can; empty for waits on somebody else.

    Only for the PFX it matters what the case has: `files`, read now where the page has not read them.
    """
    manual = get_manual_end(record)
    if manual is None:
        return ""
    if manual.lacking is Lacking.ACCOUNT_API:
        return "" if settings.PORTAL.account_api else manual.sentence
    read = files or PageFiles(record.onboarding)  # nothing is asked for before it is needed
    if read.can_prove:
        return ""
    return KEPT_ELSEWHERE if read.kept_from else manual.sentence


def is_for_people(record: StepRecord, files: PageFiles | None = None) -> bool:
    """Whether people of the company, or let in by it, have to act on this step, be it to end a wait by hand."""
    if record.state == State.WAITING:
        return bool(describe_manual_end(record, files))
    return get_next_actor(record) == Actor.COMPANY


def _waiting(record: StepRecord, files: PageFiles | None) -> str:
    wait = record.wait
    if wait is None:
        return f"Waiting since {when(record.since)}."
    if hand := describe_manual_end(record, files):
        return f"{hand} Since {when(record.since)}."
    lead = f"Waiting for {wait.what} since {when(record.since)}."
    if record.is_late:
        return f"{lead} It should have come by {when(record.due_at or record.since)}."
    until = when(record.due_at or record.since)
    return f"{lead} Usually within {duration(wait.usual)}, at most {duration(wait.limit)}: until {until}."


def _needs(record: StepRecord) -> str:
    titles = [f"“{BY_SLUG[slug].title}”" for slug in record.definition.needs]
    return f"{' and '.join(titles)} {'is' if len(titles) == 1 else 'are'}"


def describe_proof(record: StepRecord) -> str:
    """The fact that proves a done step, as words; empty when there is none to show."""
    shown = (
        fact for fact in (*record.definition.facts, NOT_NEEDED) if fact.proof and record.facts.get(fact.name)
    )
    fact = next(shown, None)
    return fact.proof.format(_format_proof(fact, record.facts[fact.name])) if fact else ""


def _format_proof(fact: Fact, value: str) -> str:
    return day(date.fromisoformat(value)) if fact.is_day else value


def estimate_end(records: list[StepRecord]) -> tuple[timedelta, timedelta]:
    """What is still to be waited for, usually and at most, from now: the sum over the waits not yet over.

    Work of people is left out: it takes minutes, but nobody knows when they come to it.
    """
    usual, limit = timedelta(0), timedelta(0)
    for record in records:
        for wait in (record.definition.before, record.definition.after):
            over = record.state == State.DONE or (
                wait is record.definition.before and (record.state == State.OPEN or record.submitted_at)
            )
            if wait and not over:
                usual, limit = usual + wait.usual, limit + wait.limit
    return usual, limit
