"""The lock of a company: the first of all locks, before its onboardings and its chain of events."""

from onboarding.people.models import Company


def lock_company(company: Company) -> Company:
    """The company as it is now, locked until the transaction ends; rows that refer to it can still be written."""
    locked: Company = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    return locked
