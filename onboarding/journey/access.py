"""Fetching an onboarding or a step for a person: the only door from a page to these rows.

A stranger gets 404, the same as for a code that does not exist; what may be done is asked in guards.py.
"""

from typing import cast

from django.http import Http404

from onboarding.journey.models import Evidence, Onboarding, StepRecord
from onboarding.people.models import User


def onboarding_for(user: User, code: str) -> Onboarding:
    """The onboarding with its company, if this person may see it. Raises Http404."""
    found = Onboarding.objects.visible_to(user).select_related("company").filter(code=code.upper()).first()
    if found is None:
        raise Http404
    return cast(Onboarding, found)


def step_for(user: User, code: str, slug: str) -> StepRecord:
    """One step's record with its onboarding, company and people. Raises Http404."""
    found = (
        StepRecord.objects.visible_to(user)
        .select_related("onboarding__company", "holder", "moved_by")
        .filter(onboarding__code=code.upper(), slug=slug)
        .first()
    )
    if found is None:
        raise Http404
    return cast(StepRecord, found)


def steps_of(onboarding: Onboarding) -> list[StepRecord]:
    """The twelve records of an onboarding that was already fetched for a person, in order, in one query."""
    records: list[StepRecord] = onboarding.steps.select_related("holder", "moved_by").in_order()
    for record in records:
        record.onboarding = onboarding
    return records


def evidence_for(user: User, code: str, pk: int) -> Evidence:
    """One piece of evidence. Raises Http404."""
    onboarding = onboarding_for(user, code)
    found = Evidence.objects.select_related("record").filter(record__onboarding=onboarding, pk=pk).first()
    if found is None:
        raise Http404
    return found
