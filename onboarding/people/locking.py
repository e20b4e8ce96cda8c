"""The lock of a company: the first of all locks, before its onboardings and its chain of events."""

from collections.abc import Iterable
from uuid import UUID

from onboarding.people.decisions import StateConflict
from onboarding.people.models import Company


def lock_company(company: Company) -> Company:
    """The company as it is now, locked until the transaction ends; rows that refer to it can still be written."""
    locked: Company = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    return locked


def lock_unarchived_company(company: Company, *, refused: str) -> Company:
    """As `lock_company`, so that nobody archives it until the transaction ends.

    Raises StateConflict where it is archived, with `refused` in the sentence: what cannot be done in it.
    """
    locked = lock_company(company)
    if locked.archived_at:
        raise StateConflict(
            f"{locked.name} is archived, so {refused}. Ask the people who run this portal to put it back."
        )
    return locked


def lock_companies(ids: Iterable[UUID], *, wait: bool) -> dict[UUID, Company]:
    """Those of the companies that nobody else has locked, locked, in one statement; with `wait`, only for one, all."""
    found = Company.objects.select_for_update(no_key=True, skip_locked=not wait)
    return {each.pk: each for each in found.filter(pk__in=set(ids)).order_by("pk")}
