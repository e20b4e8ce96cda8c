"""Who stands in for whom, and who is away: asked of the room that keeps absences.

The absences themselves are in team/absence.py, which is above this room and answers by a signal.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from onboarding.people.models import Company, User
from onboarding.people.signals import absences_requested, away_companies_requested, deputies_requested


def add_deputies(users: Iterable[User], company: Company) -> list[User]:
    """The same people, then those who stand in today for the ones of them who are away; nobody twice."""
    people = {user.pk: user for user in users}
    answers: list[tuple[Any, Any]] = deputies_requested.send(
        Company, company=company, users=list(people.values())
    )
    for _, deputies in answers:
        for deputy in deputies:
            people.setdefault(deputy.pk, deputy)
    return list(people.values())


def describe_absences(company: Company) -> list[str]:
    """Who of the company is away today, until when, and who stands in: a sentence each."""
    answers: list[tuple[Any, Any]] = absences_requested.send(Company, company=company)
    return [sentence for _, found in answers for sentence in found]


def list_away_companies() -> set[UUID]:
    """The companies of which somebody is away today; elsewhere add_deputies() adds nobody."""
    answers: list[tuple[Any, Any]] = away_companies_requested.send(Company)
    return {company for _, found in answers for company in found}
