"""The answers of a step's forms as they were sent: each sending stays beside the ones before it.

progress.py and evidence.py keep them, in the transaction of the move; the forms say what of them may be kept.
"""

from django.db.models import QuerySet

from onboarding.journey.answer_models import SentAnswers
from onboarding.journey.models import Evidence, StepRecord
from onboarding.journey.refusals import SentForm
from onboarding.people.models import User


def keep(record: StepRecord, sent: SentForm | None, *, by: User, evidence: Evidence | None = None) -> None:
    """Keep what was sent; nothing for an act that came with no form."""
    if sent is not None:
        SentAnswers.objects.create(
            record=record, by=by, form=sent.form, answers=sent.answers, evidence=evidence
        )


def list_of_record(record: StepRecord) -> QuerySet[SentAnswers]:
    """What was sent in a step that was already fetched for a person, oldest first."""
    return record.sent_answers.select_related("by")
