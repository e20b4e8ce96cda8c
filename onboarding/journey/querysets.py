"""The words in which onboardings and steps are asked for.

Every query for a person starts with `visible_to`.
"""

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from django.db import models

from certs.due import due
from onboarding.journey.choices import OnboardingStatus
from onboarding.journey.polling.intervals import longest_interval
from onboarding.journey.steps import BY_SLUG, State, StepSlug
from onboarding.people.models import Membership, Role

if TYPE_CHECKING:
    from onboarding.journey.models import Onboarding, StepRecord
    from onboarding.people.models import User


def _grants_in_force(model: type[models.Model], user: "User") -> models.QuerySet[models.Model]:
    """The person's grants that are neither revoked nor past their date.

    The model lives a floor above, in handover/, and is reached by its reverse relation: read on every request, so
    that a revoked grant is dead at the next one (docs/decisions/0002-grants-above-the-journey.md).
    """
    grants: Any = model._meta.get_field("grants").related_model
    found: models.QuerySet[models.Model] = grants._default_manager.in_force().filter(user=user)
    return found


TASKS_COLUMNS = (
    *("slug", "state", "since", "due_at", "submitted_at", "moved_at", "problem_code", "reminded_at"),
    *("onboarding__code", "onboarding__environment", "onboarding__status", "onboarding__company__name"),
    "onboarding__company__held_since",
    *("assignee__name", "assignee__email", "moved_by__name", "moved_by__email"),
    *("submitted_by__name", "submitted_by__email", "witness"),
)


@cache  # queries copy an expression before they use it
def role_of(user: str, company: str) -> models.Subquery:
    """The role that the person in one column has in the company of another; null for none."""
    members = Membership.objects.filter(user=models.OuterRef(user), company=models.OuterRef(company))
    return models.Subquery(members.values("role")[:1])


@cache
def _primary_name_of(company: str) -> models.Subquery:
    """The name of the Primary Certificate Admin of the company in a column."""
    primary = Membership.objects.filter(company=models.OuterRef(company), role=Role.PRIMARY)
    return models.Subquery(primary.values("user__name")[:1])


class OnboardingQuerySet(models.QuerySet["Onboarding"]):
    """Onboardings."""

    def visible_to(self, user: "User") -> Self:
        """Those of the person's companies; ops see all."""
        if user.is_ops:
            return self
        return self.filter(company__memberships__user=user)

    def granted_to(self, user: "User") -> Self:
        """Those of which an outside technician may see single steps, and nothing else (handover/ writes the grants)."""
        return self.filter(pk__in=_grants_in_force(self.model, user).values("onboarding"))

    def active(self) -> Self:
        """Neither completed nor withdrawn."""
        return self.filter(status=OnboardingStatus.ACTIVE)

    def stuck(self, now: datetime) -> Self:
        """Those under way that have a problem or are past their time; while a company is on hold no time counts."""
        late = models.Q(due_at__lt=now, company__held_since=None)
        return self.active().filter(models.Q(current_state=State.PROBLEM) | late)

    def with_people(self) -> Self:
        """Everything a list shows, in two queries."""
        return self.select_related("company").prefetch_related("steps__assignee", "steps__moved_by")


class StepRecordQuerySet(models.QuerySet["StepRecord"]):
    """Step records."""

    def visible_to(self, user: "User") -> Self:
        """Those of the person's companies, and those granted to an outside technician; ops see all."""
        if user.is_ops:
            return self
        member = models.Q(onboarding__company__in=user.memberships.values("company"))
        return self.filter(member | models.Q(pk__in=self._granted(user)))

    def granted_to(self, user: "User") -> Self:
        """Those that an outside technician may see and do, at this moment."""
        return self.filter(pk__in=self._granted(user))

    def _granted(self, user: "User") -> models.QuerySet[models.Model, dict[str, Any]]:
        return _grants_in_force(self.model, user).values("steps")

    def with_tasks_columns(self, user: "User") -> Self:
        """What the rows of Your tasks show, in one query, without what was typed in.

        `assignee_role` and `primary_name` are of the company; `access_until` is this person's, from outside.
        """
        found = self.select_related("onboarding__company", "assignee", "moved_by", "submitted_by")
        grants = _grants_in_force(self.model, user).filter(steps=models.OuterRef("pk"))
        return found.only(*TASKS_COLUMNS).annotate(
            assignee_role=role_of("assignee", "onboarding__company"),
            primary_name=_primary_name_of("onboarding__company"),
            access_until=models.Subquery(grants.order_by("-until").values("until")[:1]),
        )

    def due(self, now: datetime) -> Self:
        """Those that a worker should poll now."""
        return self.filter(
            due("next_check_at", now, longest_interval()),
            state__in=[State.WAITING, State.OPEN],
            onboarding__status=OnboardingStatus.ACTIVE,
        ).order_by("next_check_at")

    def get_for_poll(self, pk: int) -> "StepRecord | None":
        """One record with its onboarding and, in the same query, what proves the registration; None if gone."""
        registration = self.model._default_manager.filter(
            onboarding=models.OuterRef("onboarding"), slug=StepSlug.REGISTER
        )
        found = self.select_related("onboarding").annotate(
            registered=models.Subquery(registration.values("facts")[:1])
        )
        record = found.filter(pk=pk).first()
        if record is not None:
            record.onboarding.registered = record.registered  # type: ignore[attr-defined]  # see client.find_account_id
        return record

    def late(self, now: datetime) -> Self:
        """Waits that are past their limit."""
        return self.filter(state=State.WAITING, due_at__lt=now, onboarding__status=OnboardingStatus.ACTIVE)

    def in_order(self) -> "list[StepRecord]":
        """In the order of the table; a record of no step of it comes last."""
        order = {slug: place for place, slug in enumerate(BY_SLUG)}
        return sorted(self, key=lambda record: order.get(record.slug, len(order)))
