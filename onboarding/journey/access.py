"""Fetching an onboarding or a step for a person: the only door from a page to these rows.

A stranger gets 404, the same as for a code that does not exist; what may be done is asked in guards.py.
"""

from typing import cast

from django.db.models import QuerySet
from django.http import Http404

from onboarding.audit.models import Event
from onboarding.journey.models import Evidence, Onboarding, StepRecord
from onboarding.people.decisions import PermissionRefused
from onboarding.people.models import User


def get_onboarding(user: User, code: str) -> Onboarding:
    """The onboarding with its company, if this person may see all of it.

    Raises Http404; for an outside technician, who knows that it is there, PermissionRefused.
    """
    found = Onboarding.objects.visible_to(user).select_related("company").filter(code=code.upper()).first()
    if found is None:
        raise _not_for_outsiders(user, code)
    return cast(Onboarding, found)


def _not_for_outsiders(user: User, code: str) -> Exception:
    granted = Onboarding.objects.granted_to(user).select_related("company").filter(code=code.upper()).first()
    if granted is None:
        return Http404()
    return PermissionRefused(
        f"This is for the people of {granted.company.name} only. You were let in to single steps; they are on the "
        "page Your tasks. If you need this for your steps, ask who handed them to you."
    )


def list_granted_steps(user: User, code: str) -> list[StepRecord]:
    """The steps of this onboarding to which an outside technician was let in, in order; none for members and ops."""
    if Onboarding.objects.visible_to(user).filter(code=code.upper()).exists():
        return []
    found = StepRecord.objects.granted_to(user).filter(onboarding__code=code.upper())
    rows: list[StepRecord] = found.select_related("onboarding__company", "assignee", "moved_by").in_order()
    return rows


def get_onboarding_of_files(user: User, code: str) -> Onboarding:
    """The onboarding whose CSR and certificate are asked for: members, ops, and who was let in to a step.

    Neither file is a secret, and no technical step can be done without them. Raises Http404.
    """
    if steps := list_granted_steps(user, code):
        return steps[0].onboarding
    return get_onboarding(user, code)


def is_outside(user: User, record: StepRecord) -> bool:
    """Whether this person sees the step by a grant only: everything around it stays out of sight."""
    return not user.is_ops and not record.onboarding.company.memberships.filter(user=user).exists()


def get_step(user: User, code: str, slug: str) -> StepRecord:
    """One step's record with its onboarding, company and people. Raises Http404."""
    found = (
        StepRecord.objects.visible_to(user)
        .select_related("onboarding__company", "assignee", "moved_by")
        .filter(onboarding__code=code.upper(), slug=slug)
        .first()
    )
    if found is None:
        raise Http404
    return cast(StepRecord, found)


def list_events(onboarding: Onboarding) -> QuerySet[Event]:
    """What happened in an onboarding that was already fetched for a person, newest first."""
    return Event.objects.filter(onboarding_id=onboarding.pk).order_by("-number")


def list_steps(onboarding: Onboarding) -> list[StepRecord]:
    """The twelve records of an onboarding that was already fetched for a person, in order, in one query."""
    records: list[StepRecord] = onboarding.steps.select_related("assignee", "moved_by").in_order()
    for record in records:
        record.onboarding = onboarding
    return records


def get_evidence(user: User, code: str, pk: int) -> Evidence:
    """One piece of evidence. Raises Http404."""
    onboarding = get_onboarding(user, code)
    found = (
        Evidence.objects.select_related("record", "stored_file__secret")
        .defer("file")
        .filter(record__onboarding=onboarding, pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    found.record.onboarding = onboarding
    return found
