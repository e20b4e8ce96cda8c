"""May this be asked, answered or closed? A yes, or a sentence that says why not and what to do instead.

What may be done to a step as such is asked in journey/guards.py.
"""

from django.conf import settings

from onboarding.journey import guards
from onboarding.journey.access import Access
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.people.decisions import ALLOWED, Decision, Reason
from onboarding.people.models import User
from onboarding.questions.models import Question
from onboarding.ui.formatting import when

MOST_OPEN = 10  # of one person in one onboarding: more are read by nobody


def may_ask(access: Access, record: StepRecord) -> Decision:
    """May this person ask ops about the step? Who may see it: members, and from outside who was let in to it."""
    if access.is_ops:
        return Decision.refuse(
            "Ops answer the questions about a step; its people ask them. Ring or write to the company instead.",
            Reason.PERMISSION,
        )
    if access.is_outside and not guards.has_grant(access, record):
        return Decision.refuse("You can ask about the steps that were handed to you only.", Reason.PERMISSION)
    return _not_withdrawn(record.onboarding)


def _not_withdrawn(onboarding: Onboarding) -> Decision:
    if onboarding.status != Onboarding.Status.WITHDRAWN:
        return ALLOWED
    address = settings.PORTAL.support_email
    instead = (
        f"write to {address}"
        if address
        else "ask about the company's onboarding that is under way, if there is one"
    )
    on = f" on {when(onboarding.ended_at)}" if onboarding.ended_at else ""
    return Decision.refuse(
        f"This onboarding was withdrawn{on}, so nobody works on it any more and no question "
        f"can be asked about it. If you still need an answer, {instead}.",
        Reason.STATE,
    )


def may_ask_further(user: User, question: Question) -> Decision:
    """Only who asked goes on with it."""
    if question.asked_by_id == user.pk:
        return ALLOWED
    return Decision.refuse(
        f"{question.asked_by} asked this, so only they can ask further. Ask a question of your own on the step's page.",
        Reason.PERMISSION,
    )


def may_answer(user: User, question: Question) -> Decision:
    """May this person answer the question, or close it? Ops, once."""
    if not user.is_ops:
        return Decision.refuse("Only ops answer questions. You can read the answer here.", Reason.PERMISSION)
    if question.is_open:
        return ALLOWED
    return Decision.refuse(describe_end(question), Reason.STATE)


def describe_end(question: Question) -> str:
    """Who answered or closed it, and when."""
    verb = "closed" if question.status == Question.Status.CLOSED else "answered"
    on = f" on {when(question.answered_at)}" if question.answered_at else ""
    return (
        f"{question.answered_by} {verb} this question{on}; nothing more was sent. "
        f"If there is more to say, write to {question.asked_by}."
    )
