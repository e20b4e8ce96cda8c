"""Who holds a step, and the draft that stays with it: the one place, beside progress.py, that writes either.

Who may is asked in guards.py; taking, offering and leaving are in handover/. How a step stands is not touched here.
"""

from collections.abc import Iterable
from uuid import UUID

from certs import clock
from certs.rows import read_rows
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.people.models import Company, User

_LOCK = """
    SELECT {columns} FROM "journey_onboarding"
    JOIN "people_company" ON "people_company"."id" = "journey_onboarding"."company_id"
    WHERE "journey_onboarding"."id" = %s {lock}"""


def lock_onboarding(onboarding_id: UUID) -> Onboarding:
    """The onboarding, locked until the transaction ends: every change of assignees and every move waits for it."""
    found = next(read_rows(_LOCK, [onboarding_id], Onboarding, Company), None)
    if found is None:
        raise Onboarding.DoesNotExist(f"There is no onboarding {onboarding_id}.")
    onboarding: Onboarding = found[0]
    onboarding.company = found[1]
    return onboarding


def lock_onboardings(ids: Iterable[UUID], *, wait: bool) -> dict[UUID, Onboarding]:
    """Those of the onboardings that nobody else has locked, locked, each with its company, in one statement.

    With `wait` all of them; only for one: who waits for a second while others wait for the first may wait in a circle.
    """
    found = Onboarding.objects.select_for_update(of=("self",), skip_locked=not wait).select_related("company")
    return {each.pk: each for each in found.filter(pk__in=set(ids)).order_by("pk")}


def get_locked(read: StepRecord) -> StepRecord:
    """The step as it is now, with its onboarding locked."""
    onboarding = lock_onboarding(read.onboarding_id)
    record: StepRecord = StepRecord.objects.select_related("assignee", "moved_by").get(pk=read.pk)
    record.onboarding = onboarding
    return record


def save_draft(read: StepRecord, draft: dict[str, str]) -> bool:
    """Keep what was typed so far, unless the step has moved since it was read: then nothing, and False."""
    kept = StepRecord.objects.filter(pk=read.pk, version=read.version).update(draft=draft)
    return bool(kept)


def unassign(records: Iterable[StepRecord]) -> None:
    """Nobody holds these steps any more: assign() to nobody, in one statement for all."""
    found = list(records)
    for record in found:
        record.assignee = record.assigned_at = None
    if found:
        pks = [record.pk for record in found]
        StepRecord.objects.filter(pk__in=pks).update(assignee=None, assigned_at=None)


def assign(record: StepRecord, assignee: User | None) -> None:
    """From now on this person holds the step; None: nobody, it is the team's. The draft stays with the step."""
    record.assignee, record.assigned_at = assignee, clock.now() if assignee else None
    record.save(update_fields=["assignee", "assigned_at"])
