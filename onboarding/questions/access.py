"""Fetching a question for a person: the only way from a page to these rows.

A stranger gets 404, the same as for an id that does not exist; what may be done is asked in rules.py.
"""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from certs.prepared_queries import prepare_query
from onboarding.journey.access import Access
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.people.access import require_ops
from onboarding.people.models import User
from onboarding.questions.models import Question


def get_question(user: User, code: str, pk: UUID) -> Question:
    """The question with its step and people. Raises Http404."""
    found = (
        Question.objects.visible_to(user)
        .with_people()
        .filter(record__onboarding__code=code.upper(), pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found


def list_conversation(user: User, question: Question) -> list[Question]:
    """The question with all that were asked before and after it in the same conversation, the oldest first."""
    first = question.follows_id or question.pk
    rows = Question.objects.visible_to(user).with_people()
    return list((rows.filter(pk=first) | rows.filter(follows=first)).order_by("asked_at"))


def list_of_step(access: Access, record: StepRecord) -> list[Question]:
    """The questions about a step that was already fetched for a person, as far as they are theirs to read."""
    found = _read_of_step(record.pk)
    return [each for each in found if each.asked_by_id == access.user.pk] if access.is_outside else found


@prepare_query
def _read_of_step(record: int) -> QuerySet[Question]:
    return Question.objects.filter(record=record).select_related("asked_by", "answered_by")


def list_of_onboarding(access: Access, onboarding: Onboarding) -> list[Question]:
    """The questions of an onboarding that was already fetched for one of its company's people, or for ops."""
    return [] if access.is_outside else _read_of_onboarding(onboarding.pk)


@prepare_query
def _read_of_onboarding(onboarding: UUID) -> QuerySet[Question]:
    return Question.objects.filter(record__onboarding=onboarding).select_related("record", "asked_by")


def list_to_answer(user: User, most: int) -> list[Question]:
    """The questions of every company that wait for ops, the oldest first. Raises Http404 for others."""
    require_ops(user)
    return list(Question.objects.visible_to(user).open().with_people().order_by("asked_at")[:most])


def list_answered(user: User, most: int) -> list[Question]:
    """What ops answered or closed last, of every company. Raises Http404 for others."""
    require_ops(user)
    over = Question.objects.visible_to(user).exclude(status=Question.Status.OPEN)
    return list(over.with_people().order_by("-answered_at")[:most])
