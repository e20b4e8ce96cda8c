"""The moves: the only file that changes a step's state.

A move is, in one transaction: lock the onboarding -> read records and rights again -> compare with what was read before
-> guard -> change, notices -> and at its end, each in one statement: records, projection, events (move_rows.py). Tasks
leave on commit. Of two racers one wins; the other gets AlreadyMoved with who and when.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from certs import clock, signing
from onboarding.audit.event_names import EventName
from onboarding.journey import answers, case_files, emails, evidence, guards, sending
from onboarding.journey.deadlines.due_times import compute_due_times
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.move_rows import MoveRows
from onboarding.journey.outcomes import Done, Failed, NotYet, Outcome
from onboarding.journey.polling import schedule
from onboarding.journey.problems import ProblemCode
from onboarding.journey.proofs import describe_evidence
from onboarding.journey.refusals import ALREADY_OPEN
from onboarding.journey.refusals import AlreadyMoved as AlreadyMoved
from onboarding.journey.refusals import Submission as Submission
from onboarding.journey.steps import ORDER, STEPS, State, Witness, list_dependants, list_unlocked_by
from onboarding.people.decisions import StateConflict, require
from onboarding.people.locking import lock_unarchived_company
from onboarding.people.models import Company, User

Effect = Callable[[StepRecord], Submission]
Carry = Callable[["Move"], Iterable[str]] | None


class Move(MoveRows):
    """One open move, and how it changes a step."""

    def set_state(self, record: StepRecord, state: State, **columns: Any) -> None:
        """Write a new state and everything that goes with it."""
        record.state, record.since, record.version = state, self.now, record.version + 1
        record.moved_by, record.moved_at = self.actor, self.now
        for name, value in columns.items():
            setattr(record, name, value)
        due = compute_due_times(record, self.now, self.company_times)
        record.usual_at, record.due_at, record.next_reminder_at = due
        record.next_check_at = schedule.compute_first_poll(record, self.now)
        record.poll_count, record.unfinished_polls, record.poll_queued = 0, 0, False
        self.changed[record.slug] = record


@contextmanager
def open_move(onboarding_id: UUID, actor: User | None) -> Iterator[Move]:
    """Lock one onboarding, hand over its records, and write at the end what was changed, with the projection."""
    with transaction.atomic():
        move = Move.lock(onboarding_id, actor)
        yield move
        move.write()


@contextmanager
def _step_move(read: StepRecord, actor: User | None) -> Iterator[tuple[Move, StepRecord]]:
    """A move of one step, if nobody moved it since `read` was read. Raises AlreadyMoved otherwise."""
    with open_move(read.onboarding_id, actor) as move:
        record = move.records[read.slug]
        if record.version != read.version:  # under the lock: one of two racers sees it
            raise AlreadyMoved(record)
        yield move, record


def start(company: Company, *, environment: str, actor: User | None, carry: Carry = None) -> Onboarding:
    """Open a company's onboarding with a record of each step; the first begins, or those that `carry` names.

    Raises RequestRefused when the company has one open in this environment already, or is archived.
    """
    try:
        with transaction.atomic():
            # Nor does anybody put it on hold between this look and the new row.
            company = lock_unarchived_company(company, refused="nothing can be started")
            onboarding = Onboarding.objects.create(
                company=company, environment=environment, started_by=actor, current_step=STEPS[0].slug
            )
            records = [StepRecord(onboarding=onboarding, slug=slug) for slug in ORDER]
            StepRecord.objects.bulk_create(records)
            move = Move(onboarding, {record.slug: record for record in records}, actor, clock.now())
            move.read_deadlines()
            move.record_event(EventName.ONBOARDING_STARTED, environment=environment)
            for slug in carry(move) if carry else (STEPS[0].slug,):
                begin(move, move.records[slug])
            move.write()
    except IntegrityError:
        if not company.onboardings.filter(environment=environment, status=Onboarding.Status.ACTIVE).exists():
            raise  # another rule of the database: what it is stands in the log
        place = Onboarding.Environment(environment).label
        raise StateConflict(ALREADY_OPEN.format(company=company.name, environment=place)) from None
    return onboarding


def begin(move: Move, record: StepRecord) -> None:
    """Unlock a step: into its wait if it has one before the act, else to the person."""
    move.set_state(record, State.WAITING if record.definition.before else State.OPEN)
    move.record_event(EventName.STEP_BEGUN, record.slug)
    emails.queue_begun(record)


def submit(read: StepRecord, *, actor: User, effect: Effect) -> StepRecord:
    """A person does the step. `effect` writes what belongs to it in the same transaction.

    Raises AlreadyMoved, RequestRefused, or whatever the effect raises (then nothing is written).
    """
    with _step_move(read, actor) as (move, record):
        require(guards.may_submit(move.access, record))
        done = effect(record)
        record.answers, record.facts, record.draft = done.answers, {**record.facts, **done.facts}, {}
        record.submitted_at, record.submitted_by = move.now, actor
        answers.keep(record, done.sent, by=actor)
        if done.waits:
            move.set_state(record, State.WAITING)
        move.record_event(EventName.STEP_SUBMITTED, record.slug, **done.facts)
        if not done.waits:
            complete(move, record, witness=Witness.PERSON)
    return record


def send_anew(read: StepRecord, *, actor: User, reason: str) -> StepRecord:
    """Have the form sent although Atlas has what may be the same, which is set aside. Raises as submit does."""
    with _step_move(read, actor) as (move, record):
        require(guards.may_send_anew(move.access, record))
        aside = sending.set_aside(record, reason)
        move.set_state(record, State.WAITING, submitted_at=move.now, problem_code="", problem_detail="")
        move.record_event(EventName.STEP_RESENT, record.slug, **aside)
    return record


def settle(read: StepRecord, outcome: Outcome, *, witness: Witness) -> bool:
    """Apply what a poll answered. A late, repeated or out-of-order answer changes nothing. True when it moved.

    `witness` is who saw it: Atlas, or the portal itself.
    """
    if isinstance(outcome, NotYet):
        schedule.postpone(read, outcome)
        return False
    try:
        with _step_move(read, None) as (move, record):
            if not move.onboarding.is_active or record.state not in (State.WAITING, State.OPEN):
                return False
            _apply(move, record, outcome, witness)
    except AlreadyMoved:
        return False
    return True


def confirm(
    read: StepRecord,
    *,
    actor: User,
    effect: Effect,
    seen_on: datetime,
    note: str = "",
    file: tuple[str, bytes] | None = None,
) -> StepRecord:
    """A person ends the wait with evidence: the other witness. Raises as submit does."""
    with _step_move(read, actor) as (move, record):
        require(guards.may_confirm(move.access, record))
        done = effect(record)
        added = evidence.add(record, by=actor, seen_on=seen_on, note=note, file=file, sent=done.sent)
        move.record_event(EventName.EVIDENCE_ADDED, record.slug, **describe_evidence(added))
        _apply(move, record, Done(done.facts), Witness.PERSON)
    return record


def _apply(move: Move, record: StepRecord, outcome: Done | Failed, witness: Witness) -> None:
    if isinstance(outcome, Failed):
        _to_problem(move, record, outcome)
        return
    record.facts = {**record.facts, **outcome.facts}
    first_wait = record.state == State.WAITING and not record.submitted_at
    if first_wait and record.definition.acts_after_wait:
        move.set_state(record, State.OPEN, witness=witness)
        move.record_event(EventName.STEP_SETTLED, record.slug, witness=witness, **outcome.facts)
        emails.queue_begun(record)
    else:
        complete(move, record, witness=witness)


def complete(move: Move, record: StepRecord, *, witness: Witness) -> None:
    """The step is done; what it alone still held back begins; after the last one the onboarding is complete."""
    move.set_state(record, State.DONE, witness=witness, problem_code="", problem_detail="")
    move.record_event(EventName.STEP_DONE, record.slug, witness=witness, **record.facts)
    done = {slug for slug, each in move.records.items() if each.state == State.DONE}
    for definition in list_unlocked_by(record.slug):
        waiting = move.records[definition.slug]
        if waiting.state == State.LOCKED and done.issuperset(definition.needs):
            begin(move, waiting)
    if done == set(move.records):
        _finish(move)


def skip(move: Move, record: StepRecord, name: EventName, witness: Witness, **columns: Any) -> None:
    """The step is done without its form or its wait; `columns` has its facts, `name` is the event that says why."""
    move.set_state(record, State.DONE, witness=witness, problem_code="", problem_detail="", **columns)
    move.record_event(name, record.slug, witness=witness, **record.facts)


def _finish(move: Move) -> None:
    onboarding = move.onboarding
    onboarding.status, onboarding.ended_at = Onboarding.Status.COMPLETED, move.now
    onboarding.destroy_secrets_at = move.now + timedelta(days=onboarding.company.retention_days)
    move.record_event(
        EventName.ONBOARDING_COMPLETED, destroy_secrets_at=onboarding.destroy_secrets_at.isoformat()
    )
    emails.queue_completed(onboarding)


def report_problem(read: StepRecord, *, actor: User, code: ProblemCode, detail: str = "") -> StepRecord:
    """A person says that the step went wrong, with a code of the catalogue. Raises as submit does."""
    with _step_move(read, actor) as (move, record):
        require(guards.may_report_problem(move.access, record))
        _to_problem(move, record, Failed(code, detail))
    return record


def _to_problem(move: Move, record: StepRecord, problem: Failed) -> None:
    code = ProblemCode(problem.code)  # mypy has seen that it is one; what is stored is made sure of once more
    move.set_state(record, State.PROBLEM, problem_code=code, problem_detail=problem.detail)
    move.record_event(EventName.STEP_PROBLEM, record.slug, code=code, detail=problem.detail)
    emails.queue_problem(record)


def reopen(read: StepRecord, *, actor: User) -> StepRecord:
    """Try the step again after a problem: the person's act if it has one, else the wait. Raises as submit does."""
    with _step_move(read, actor) as (move, record):
        require(guards.may_reopen(move.access, record))
        _again(move, record)
        move.record_event(EventName.STEP_REOPENED, record.slug)
    return record


def _again(move: Move, record: StepRecord) -> None:
    move.set_state(record, State.OPEN if record.definition.form else State.WAITING, **_cleared())


def _cleared() -> dict[str, Any]:
    """What is empty in a step that is to be done again."""
    return {"submitted_at": None, "problem_code": "", "problem_detail": "", "facts": {}, "witness": ""}


def send_back(read: StepRecord, *, actor: User, to: str, reason: str) -> StepRecord:
    """Have an earlier step done again; everything that rests on it is locked until then. Raises as submit does."""
    with _step_move(read, actor) as (move, record):
        require(guards.may_send_back(move.access, record, to))
        earlier = move.records[to]
        resting = [move.records[definition.slug] for definition in list_dependants(to)]
        case_files.discard(move.onboarding, [earlier, *resting])
        _again(move, earlier)
        move.record_event(EventName.STEP_SENT_BACK, to, reason=reason, by_step=record.slug)
        for dependant in resting:
            _lock(move, dependant)
        emails.queue_sent_back(earlier, reason)
    return earlier


def _lock(move: Move, record: StepRecord) -> None:
    if record.state != State.LOCKED:
        move.set_state(record, State.LOCKED, **_cleared(), assignee=None, assigned_at=None)
        move.record_event(EventName.STEP_LOCKED, record.slug)


def withdraw(onboarding: Onboarding, *, actor: User, reason: str) -> Onboarding:
    """End an onboarding before its end; its secrets are destroyed at once by the worker. Raises RequestRefused."""
    with open_move(onboarding.pk, actor) as move:
        require(guards.may_withdraw(move.access))
        signing.close_open(move.onboarding.pk, "the onboarding was withdrawn")
        move.onboarding.status, move.onboarding.ended_at = Onboarding.Status.WITHDRAWN, move.now
        move.onboarding.destroy_secrets_at = move.now
        move.record_event(EventName.ONBOARDING_WITHDRAWN, reason=reason)
        emails.queue_withdrawn(move.onboarding, reason)
    return move.onboarding
