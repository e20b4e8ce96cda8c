"""Asking, answering and closing a question: each one transaction with its event and its emails.

Who may is asked in rules.py. A step is not moved here.
"""

from django.db import transaction

from certs import clock
from onboarding.audit.chain import record_event
from onboarding.audit.event_names import EventName
from onboarding.journey.access import read_access
from onboarding.journey.assignment import get_locked
from onboarding.journey.models import StepRecord
from onboarding.people.decisions import StateConflict, require
from onboarding.people.models import User
from onboarding.questions import emails, rules
from onboarding.questions.models import Question


def ask(
    read: StepRecord, *, actor: User, text: str, follows: Question | None = None
) -> tuple[Question, bool]:
    """Store a question; answers with it and whether it is new. Raises RequestRefused.

    What the same person asked about the same step in the same words, and nobody has answered, is one question: of a
    button that was pressed twice the second press, which waits for the onboarding's lock, finds the first one's row.
    """
    with transaction.atomic():
        record = get_locked(read)
        require(rules.may_ask(read_access(actor, record.onboarding), record))
        if follows is not None:
            require(rules.may_ask_further(actor, follows))
        open_ones = Question.objects.open().filter(asked_by=actor, record__onboarding=record.onboarding)
        if same := open_ones.filter(record=record, text=text).first():
            return same, False
        if open_ones.count() >= rules.MOST_OPEN:
            raise StateConflict(
                f"You have {rules.MOST_OPEN} questions about this onboarding that ops have not answered. Wait for an "
                "answer before you ask the next one."
            )
        first = (follows.follows or follows) if follows else None
        question = Question.objects.create(record=record, asked_by=actor, text=text, follows=first)
        _record(EventName.QUESTION_ASKED, question, actor)
        emails.queue_asked(question)
    return question, True


def answer(read: Question, *, actor: User, text: str) -> Question:
    """Ops answer; who asked gets it by email. Raises RequestRefused."""
    return _end(read, actor, text, Question.Status.ANSWERED)


def close(read: Question, *, actor: User, reason: str) -> Question:
    """Ops close a question that they do not answer; who asked is told why. Raises RequestRefused."""
    return _end(read, actor, reason, Question.Status.CLOSED)


def _end(read: Question, actor: User, text: str, status: Question.Status) -> Question:
    with transaction.atomic():
        question = Question.objects.select_for_update(of=("self",)).with_people().get(pk=read.pk)
        require(rules.may_answer(actor, question))
        question.status, question.answer = status, text
        question.answered_by, question.answered_at = actor, clock.now()
        question.save(update_fields=["status", "answer", "answered_by", "answered_at"])
        is_answer = status == Question.Status.ANSWERED
        _record(EventName.QUESTION_ANSWERED if is_answer else EventName.QUESTION_CLOSED, question, actor)
        emails.queue_ended(question)
    return question


def _record(name: EventName, question: Question, actor: User) -> None:
    """The texts stay in the question: the chain of events is never shortened, and they may name people."""
    onboarding = question.record.onboarding
    record_event(
        name,
        company=onboarding.company,
        actor=actor,
        onboarding_id=onboarding.pk,
        step=question.record.slug,
    )
