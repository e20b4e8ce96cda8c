"""Who is written to about onboardings of many companies, read for all of them at once.

For one onboarding emails.py asks itself; the texts and the keys are its own, too.
"""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.steps import PRIMARY_ONLY
from onboarding.people.access import group_admins
from onboarding.people.deputies import add_deputies, list_away_companies
from onboarding.people.models import Membership, Role, User


class Recipients:
    """The active people of the companies of these onboardings: two queries, and more where somebody is away today."""

    def __init__(self, onboardings: Iterable[Onboarding]) -> None:
        companies = {each.company_id for each in onboardings}
        members = Membership.objects.filter(company__in=companies, user__is_active=True).select_related(
            "user"
        )
        self._members: dict[UUID, list[Membership]] = defaultdict(list)
        for member in members:
            self._members[member.company_id].append(member)
        self._admins = group_admins(companies, members)
        self._away = list_away_companies() & companies

    def list_admins(self, onboarding: Onboarding) -> list[User]:
        """The admins of its company, then who stands in for them."""
        return self._with_deputies(self._admins[onboarding.company_id], onboarding)

    def list_for_step(self, record: StepRecord) -> list[User]:
        """Those whose step it is, as list_for_roles() says; then who stands in for them."""
        onboarding = record.onboarding
        return self._with_deputies(list_for_roles(record, self._members[onboarding.company_id]), onboarding)

    def _with_deputies(self, people: list[User], onboarding: Onboarding) -> list[User]:
        is_away = onboarding.company_id in self._away
        return add_deputies(people, onboarding.company) if is_away else people


def list_for_roles(record: StepRecord, members: Iterable[Membership]) -> list[User]:
    """Those to be told that a step is theirs: its assignee; else the primary one for the primary's steps; else all
    whose role may do it, technicians only for technical steps. `members` are the company's, active ones only."""
    if record.assignee is not None:
        return [record.assignee]
    roles = [Role.PRIMARY] if record.definition.who == PRIMARY_ONLY else list(record.definition.who)
    return [member.user for member in members if member.role in roles]
