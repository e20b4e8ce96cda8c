"""The answers of a step's forms as they were sent: each sending stays beside the ones before it.

progress.py and evidence.py keep them, in the transaction of the move; the forms say what of them may be kept.
"""

from django.db.models import QuerySet

from certs.prepared_queries import prepare_query
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


def list_of_record(record: StepRecord) -> list[SentAnswers]:
    """What was sent in a step that was already fetched for a person, oldest first."""
    rows = _read_of_record(record.pk)
    for each in rows:
        each.record = record
    return rows


@prepare_query
def _read_of_record(record: int) -> QuerySet[SentAnswers]:
    return SentAnswers.objects.filter(record=record).select_related("by")
