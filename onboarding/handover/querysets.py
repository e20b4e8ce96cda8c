"""The words in which offers and grants are asked for.

Every query for a person starts with `visible_to`.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, cast

from django.db import models
from django.db.models import Q

from certs import clock
from onboarding.handover.choices import OfferStatus
from onboarding.journey.choices import OnboardingStatus
from onboarding.journey.querysets import role_of
from onboarding.journey.steps import State
from onboarding.people.models import ADMINS, Membership

if TYPE_CHECKING:
    from onboarding.handover.models import Grant, Offer, OfferedStep
    from onboarding.people.models import User


GIVEN_BACK = (OfferStatus.DECLINED, OfferStatus.RETURNED)


def _administered_by(user: "User") -> models.QuerySet[Membership, Any]:
    return Membership.objects.filter(user=user, role__in=ADMINS).values("company")


class OfferQuerySet(models.QuerySet["Offer"]):
    """Offers."""

    def visible_to(self, user: "User") -> Self:
        """An offer has two sides: who is asked, and who asks with the admins of the company.

        Who has left the company sees no offer of its people any more.
        """
        still_in = user.memberships.values("company")
        asks = Q(from_user=user, company__in=still_in) | Q(company__in=_administered_by(user))
        is_asked = Q(to_user=user) & (Q(access_until__isnull=False) | Q(company__in=still_in))
        return self.filter(is_asked | asks)

    def open(self) -> Self:
        """Offers that can still be answered."""
        return self.filter(
            status=OfferStatus.OFFERED, expires_at__gt=clock.now(), onboarding__status=OnboardingStatus.ACTIVE
        ).filter(models.Exists(self._steps_to_do()))

    def _steps_to_do(self) -> "models.QuerySet[OfferedStep]":
        through = cast("type[OfferedStep]", self.model._meta.get_field("steps").related_model)
        return through.objects.filter(offer=models.OuterRef("pk")).exclude(record__state=State.DONE)

    def concerning(self, user: "User", since: datetime, now: datetime) -> Self:
        """What waits for this person's answer, and what they offered or gave back since then, in active cases.

        Each says whether one of its steps is still `to_do`.
        """
        received = Q(to_user=user) & (
            Q(status=OfferStatus.OFFERED, expires_at__gt=now)
            | Q(answered_by=user, answered_at__gt=since, status__in=GIVEN_BACK)
        )
        sent = Q(from_user=user) & (Q(answered_at__gt=since) | Q(answered_at=None, expires_at__gt=since))
        return self.filter(received | sent, onboarding__status=OnboardingStatus.ACTIVE).annotate(
            to_do=models.Exists(self._steps_to_do())
        )

    def with_tasks_columns(self) -> Self:
        """What the rows of Your tasks show, with the roles of both sides, in two queries."""
        found = self.select_related("company", "onboarding__company", "from_user", "to_user")
        through = cast("type[OfferedStep]", self.model._meta.get_field("steps").related_model)
        steps = through.objects.select_related("record__assignee", "record__moved_by", "record__submitted_by")
        return found.annotate(
            from_role=role_of("from_user", "company"), to_role=role_of("to_user", "company")
        ).prefetch_related(models.Prefetch("steps", steps))

    def past(self, now: datetime) -> Self:
        """Offers that nobody answered in time, and those about a case that has ended meanwhile."""
        over = (
            Q(expires_at__lte=now)
            | ~Q(onboarding__status=OnboardingStatus.ACTIVE)
            | ~models.Exists(self._steps_to_do())
        )
        return self.filter(over, status=OfferStatus.OFFERED)

    def with_everything(self) -> Self:
        """What a page or a list shows, in two queries."""
        return self.select_related("company", "onboarding__company", "from_user", "to_user").prefetch_related(
            "steps__record__assignee", "steps__record__moved_by", "steps__record__submitted_by"
        )


class OfferedStepQuerySet(models.QuerySet["OfferedStep"]):
    """Steps of offers."""

    def first_open(self) -> Any:
        """The one offer of a step that waits for its answer, or None."""
        return self.open().first()

    def open(self, now: datetime | None = None) -> Self:
        """Those whose offer waits for its answer at this moment, if no other is given; each with its people."""
        found = self.filter(is_open=True, offer__expires_at__gt=now or clock.now())
        return found.select_related("offer__from_user", "offer__to_user")


class GrantQuerySet(models.QuerySet["Grant"]):
    """Grants to outside technicians."""

    def in_force(self, now: datetime | None = None) -> Self:
        """Neither revoked nor past their date, at this moment if no other is given."""
        return self.filter(revoked_at__isnull=True, until__gt=now or clock.now())

    def past(self, now: datetime) -> Self:
        """Past their date, and not yet closed."""
        return self.filter(revoked_at__isnull=True, until__lte=now)

    def visible_to(self, user: "User") -> Self:
        """Certificate Admins see who has been let in to their company."""
        return self.filter(onboarding__company__in=_administered_by(user))
