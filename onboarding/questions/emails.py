"""Who is written to when a question is asked, answered or closed: this room's side of the outbox.

Texts are in templates/notifications/.
"""

from typing import Any

from django.urls import reverse

from onboarding.journey.email_facts import describe_definition, describe_onboarding
from onboarding.journey.models import StepRecord
from onboarding.notifications.outbox import queue_email
from onboarding.notifications.support import queue_support_email
from onboarding.people.access import admins_of
from onboarding.people.email_facts import describe_person
from onboarding.people.models import User
from onboarding.questions.models import Question


def queue_asked(question: Question) -> None:
    """The support address gets it, if there is one; without one ops find it on their board."""
    queue_support_email(
        "question-asked",
        key=str(question.pk),
        facts=_describe(question),
        onboarding_id=question.record.onboarding_id,
    )


def queue_ended(question: Question) -> None:
    """Who asked gets the answer, or why there is none."""
    kind = "question-closed" if question.status == Question.Status.CLOSED else "question-answered"
    facts = _describe(question)
    facts["question"]["answer"] = question.answer
    facts["question"]["answered_by"] = question.answered_by and describe_person(question.answered_by)
    for user in list_receivers(question):
        queue_email(
            kind,
            key=f"{kind}:{question.pk}",
            to=[user],
            facts={**facts, "is_theirs": user.pk == question.asked_by_id},
            onboarding_id=question.record.onboarding_id,
        )


def list_receivers(question: Question) -> list[User]:
    """Who asked; where they may not see the step any more, the company's Certificate Admins in their place."""
    asker = question.asked_by
    if asker.is_active and StepRecord.objects.visible_to(asker).filter(pk=question.record_id).exists():
        return [asker]
    return admins_of(question.record.onboarding.company)


def _describe(question: Question) -> dict[str, Any]:
    onboarding = question.record.onboarding
    return {
        "question": {"text": question.text, "asked_by": describe_person(question.asked_by)},
        "definition": describe_definition(question.record),
        "onboarding": describe_onboarding(onboarding),
        "path": reverse("questions:question", args=[onboarding.code, question.pk]),
    }
