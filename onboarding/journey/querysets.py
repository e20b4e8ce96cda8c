"""The words in which onboardings and steps are asked for.

Every query for a person starts with `visible_to`.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models

from onboarding.journey.steps import BY_SLUG, State

if TYPE_CHECKING:
    from onboarding.people.models import User


class OnboardingQuerySet(models.QuerySet[Any]):
    """Onboardings."""

    def visible_to(self, user: "User") -> "OnboardingQuerySet":
        """Those of the person's companies; ops see all."""
        if user.is_ops:
            return self
        return self.filter(company__memberships__user=user)

    def active(self) -> "OnboardingQuerySet":
        """Neither completed nor withdrawn."""
        return self.filter(status="active")

    def with_people(self) -> "OnboardingQuerySet":
        """Everything a list shows, in two queries."""
        return self.select_related("company").prefetch_related("steps__holder", "steps__moved_by")


class StepRecordQuerySet(models.QuerySet[Any]):
    """Step records."""

    def visible_to(self, user: "User") -> "StepRecordQuerySet":
        """Those of the person's companies; ops see all."""
        if user.is_ops:
            return self
        return self.filter(onboarding__company__memberships__user=user)

    def due(self, now: datetime) -> "StepRecordQuerySet":
        """Those that a worker should look at now."""
        return self.filter(
            next_check_at__lte=now, state__in=[State.WAITING, State.OPEN], onboarding__status="active"
        ).order_by("next_check_at")

    def to_look_at(self, pk: int) -> Any:
        """One record with its onboarding and, in the same query, what proves the registration; None if gone."""
        registration = self.model._default_manager.filter(
            onboarding=models.OuterRef("onboarding"), slug="register"
        )
        found = self.select_related("onboarding").annotate(
            registered=models.Subquery(registration.values("facts")[:1])
        )
        record = found.filter(pk=pk).first()
        if record is not None:
            record.onboarding.registered = record.registered
        return record

    def late(self, now: datetime) -> "StepRecordQuerySet":
        """Waits that are past their limit."""
        return self.filter(state=State.WAITING, due_at__lt=now, onboarding__status="active")

    def in_order(self) -> list[Any]:
        """In the order of the table."""
        order = {slug: place for place, slug in enumerate(BY_SLUG)}
        return sorted(self, key=lambda record: order[record.slug])
