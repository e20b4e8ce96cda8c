"""The words in which onboardings and steps are asked for.

Every query for a person starts with `visible_to`.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from django.db import models

from certs.due import due
from onboarding.journey.choices import OnboardingStatus
from onboarding.journey.polling.intervals import longest_interval
from onboarding.journey.steps import ORDER, State, StepSlug
from onboarding.people.models import Membership, Role

if TYPE_CHECKING:
    from onboarding.journey.models import Onboarding, StepRecord
    from onboarding.people.models import User


def _grants_in_force(
    model: type[models.Model], user: "User", now: datetime | None
) -> models.QuerySet[models.Model]:
    """The person's grants that are neither revoked nor past their date.

    The model lives a floor above, in handover/, and is reached by its reverse relation: read on every request, so
    that a revoked grant is dead at the next one (docs/decisions/0002-grants-above-the-journey.md).
    """
    grants: Any = model._meta.get_field("grants").related_model
    found: models.QuerySet[models.Model] = grants._default_manager.in_force(now).filter(user=user)
    return found


def is_stuck(now: datetime, at: str = "") -> models.Q:
    """By the columns of the onboarding, reached from the row in question by `at`; not while its deadlines rest."""
    late = models.Q(**{f"{at}current_state": State.PROBLEM}) | models.Q(**{f"{at}due_at__lt": now})
    return late & models.Q(**{f"{at}deadlines_paused_at": None})


TASKS_COLUMNS = (
    *(
        "slug",
        "state",
        "since",
        "usual_at",
        "due_at",
        "submitted_at",
        "moved_at",
        "problem_code",
        "reminded_at",
    ),
    *("onboarding__code", "onboarding__environment", "onboarding__status", "onboarding__company__name"),
    *("onboarding__deadlines_paused_at", "assigned_at", "onboarding__company__on_hold_since"),
    *("assignee__name", "assignee__email", "moved_by__name", "moved_by__email"),
    *("submitted_by__name", "submitted_by__email", "witness"),
)


PENDING = (State.OPEN, State.WAITING)  # with a deadline; a problem is stuck at once


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


@cache
def _pause_reason(model: type[models.Model]) -> models.Subquery:
    """Why the deadlines of a record's onboarding, or of its company, rest; null where they do not."""
    onboarding: Any = model._meta.get_field("onboarding").related_model
    pauses: Any = onboarding._meta.get_field("deadline_pauses").related_model
    own = models.Q(onboarding=models.OuterRef("onboarding"))
    companys = models.Q(company=models.OuterRef("onboarding__company"), onboarding=None)
    found = pauses._default_manager.filter(own | companys, ended_at=None).order_by("started_at")
    return models.Subquery(found.values("reason")[:1])


def sort_steps(records: "Iterable[StepRecord]") -> "list[StepRecord]":
    """In the order of the table; a record of no step of it comes last."""
    return sorted(records, key=lambda record: ORDER.get(record.slug, len(ORDER)))


class OnboardingQuerySet(models.QuerySet["Onboarding"]):
    """Onboardings."""

    def visible_to(self, user: "User") -> Self:
        """Those of the person's companies; ops see all."""
        if user.is_ops:
            return self
        return self.filter(company__memberships__user=user)

    def granted_to(self, user: "User") -> Self:
        """Those of which an outside technician may see single steps, and nothing else (handover/ writes the grants)."""
        return self.filter(pk__in=_grants_in_force(self.model, user, None).values("onboarding"))

    def active(self) -> Self:
        """Neither completed nor withdrawn."""
        return self.filter(status=OnboardingStatus.ACTIVE)

    def stuck(self, now: datetime) -> Self:
        """Those under way that have a problem or are past their time, whose deadlines do not rest."""
        return self.active().filter(is_stuck(now))

    def with_people(self) -> Self:
        """Everything a list shows, in two queries."""
        return self.select_related("company").prefetch_related("steps__assignee", "steps__moved_by")


class StepRecordQuerySet(models.QuerySet["StepRecord"]):
    """Step records."""

    def visible_to(self, user: "User", now: datetime | None = None, *, is_let_in: bool = True) -> Self:
        """Those of the person's companies, and those granted to an outside technician at this moment; ops see all.

        A union of ids, each from its index: with `or` between the two the database would read the steps of everybody.
        Grants are left out where it is known that the person was let in nowhere (memberships_of).
        """
        if user.is_ops:
            return self
        own = models.Q(onboarding__company__in=user.memberships.values("company"))
        if not is_let_in:
            return self.filter(own)
        keys = self.model._default_manager.filter(own).order_by().values("pk")
        return self.filter(pk__in=keys.union(self._granted(user, now).order_by()))

    def granted_to(self, user: "User", now: datetime | None = None) -> Self:
        """Those that an outside technician may see and do, at this moment if no other is given."""
        return self.filter(pk__in=self._granted(user, now))

    def _granted(self, user: "User", now: datetime | None) -> models.QuerySet[models.Model, dict[str, Any]]:
        return _grants_in_force(self.model, user, now).values("steps")

    def with_tasks_columns(self) -> Self:
        """What the rows of Your tasks show, in one query, without what was typed in.

        `assignee_role` and `primary_name` are of the company.
        """
        found = self.select_related("onboarding__company", "assignee", "moved_by", "submitted_by")
        return found.only(*TASKS_COLUMNS).annotate(
            assignee_role=role_of("assignee", "onboarding__company"),
            primary_name=_primary_name_of("onboarding__company"),
            pause_reason=_pause_reason(self.model),
        )

    def with_access_until(self, user: "User", now: datetime) -> Self:
        """Until when this person may see each of them from outside; null where they were not let in."""
        grants = _grants_in_force(self.model, user, now).filter(steps=models.OuterRef("pk"))
        return self.annotate(access_until=models.Subquery(grants.order_by("-until").values("until")[:1]))

    def due(self, now: datetime) -> Self:
        """Those that a worker should poll now."""
        return self.filter(
            due("next_check_at", now, longest_interval()),
            state__in=[State.WAITING, State.OPEN],
            onboarding__status=OnboardingStatus.ACTIVE,
        ).order_by("next_check_at")

    def for_polls(self) -> Self:
        """With all that polls ask of the rest of the onboarding, in the same query: read them by read_for_polls."""
        others = self.model._default_manager.filter(onboarding=models.OuterRef("onboarding"))
        register, profile = (others.filter(slug=s) for s in (StepSlug.REGISTER, StepSlug.IDENTITY_PROFILE))
        return self.select_related("onboarding__company").annotate(
            register_facts=models.Subquery(register.values("facts")[:1]),
            register_email=models.Subquery(register.values("answers__email")[:1]),
            profile_facts=models.Subquery(profile.values("facts")[:1]),
        )

    def read_for_polls(self) -> "list[StepRecord]":
        """The records; what was read along is where client.get_facts looks for it, so that a poll asks no database."""
        found: list[Any] = list(self)
        for record in found:
            known = record.onboarding.known_facts = {}
            known[StepSlug.REGISTER] = record.register_facts or {}
            known[StepSlug.IDENTITY_PROFILE] = record.profile_facts or {}
            record.onboarding.contact_email = record.register_email
        return found

    def get_for_poll(self, pk: int) -> "StepRecord | None":
        """One record; None if it is gone."""
        return next(iter(self.filter(pk=pk).for_polls().read_for_polls()), None)

    def stuck(self, now: datetime) -> Self:
        """Steps with a problem or past their latest time, of onboardings whose deadlines do not rest; worst first.

        `stuck_since` (UTC) is when that began. Why each is stuck says deadlines/stuck.py.
        """
        return (
            self._with_running_deadlines()
            .filter(models.Q(state=State.PROBLEM) | models.Q(due_at__lt=now, state__in=PENDING))
            .annotate(
                stuck_since=models.Case(models.When(state=State.PROBLEM, then="since"), default="due_at")
            )
            .order_by("stuck_since", "pk")
        )

    def at_risk(self, now: datetime) -> Self:
        """Steps past their usual time and not yet at their latest, the nearest to it first."""
        late = self._with_running_deadlines().filter(usual_at__lt=now, due_at__gte=now, state__in=PENDING)
        return late.order_by("due_at", "pk")

    def _with_running_deadlines(self) -> Self:
        return self.filter(
            onboarding__status=OnboardingStatus.ACTIVE, onboarding__deadlines_paused_at__isnull=True
        )

    def due_for_reminder(self, now: datetime) -> Self:
        """Those of which somebody is to be reminded now, earliest first."""
        found = self.filter(next_reminder_at__lte=now, onboarding__deadlines_paused_at__isnull=True)
        return found.order_by("next_reminder_at", "pk")

    def in_order(self) -> "list[StepRecord]":
        """In the order of the table; a record of no step of it comes last."""
        return sort_steps(self)
