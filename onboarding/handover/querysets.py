"""The words in which offers and grants are asked for.

Every query for a person starts with `visible_to`.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from certs import clock
from onboarding.people.models import ADMINS, Membership

if TYPE_CHECKING:
    from onboarding.people.models import User


def _administered_by(user: "User") -> Any:
    return Membership.objects.filter(user=user, role__in=ADMINS).values("company")


class OfferQuerySet(models.QuerySet[Any]):
    """Offers."""

    def visible_to(self, user: "User") -> "OfferQuerySet":
        """An offer has two sides: who is asked, and who asks with the admins of the company.

        Who has left the company sees no offer of its people any more.
        """
        still_in = user.memberships.values("company")
        asks = Q(from_user=user, company__in=still_in) | Q(company__in=_administered_by(user))
        is_asked = Q(to_user=user) & (Q(access_until__isnull=False) | Q(company__in=still_in))
        return self.filter(is_asked | asks)

    def open(self) -> "OfferQuerySet":
        """Offers that can still be answered."""
        return self.filter(status="offered", expires_at__gt=clock.now(), onboarding__status="active").filter(
            models.Exists(self._steps_to_do())
        )

    def _steps_to_do(self) -> Any:
        through = self.model._meta.get_field("steps").related_model
        return through._default_manager.filter(offer=models.OuterRef("pk")).exclude(record__state="done")

    def past(self, now: datetime) -> "OfferQuerySet":
        """Offers that nobody answered in time, and those about a case that has ended meanwhile."""
        over = Q(expires_at__lte=now) | ~Q(onboarding__status="active") | ~models.Exists(self._steps_to_do())
        return self.filter(over, status="offered")

    def with_everything(self) -> "OfferQuerySet":
        """What a page or a list shows, in two queries."""
        return self.select_related("company", "onboarding__company", "from_user", "to_user").prefetch_related(
            "steps__record__assignee", "steps__record__moved_by"
        )


class OfferedStepQuerySet(models.QuerySet[Any]):
    """Steps of offers."""

    def first_open(self) -> Any:
        """The one offer of a step that waits for its answer, or None."""
        return self.open().first()

    def open(self) -> "OfferedStepQuerySet":
        """Those whose offer waits for its answer, each with its people."""
        found = self.filter(is_open=True, offer__expires_at__gt=clock.now())
        return found.select_related("offer__from_user", "offer__to_user")


class GrantQuerySet(models.QuerySet[Any]):
    """Grants to outside technicians."""

    def in_force(self) -> "GrantQuerySet":
        """Neither revoked nor past their date."""
        return self.filter(revoked_at__isnull=True, until__gt=clock.now())

    def past(self, now: datetime) -> "GrantQuerySet":
        """Past their date, and not yet closed."""
        return self.filter(revoked_at__isnull=True, until__lte=now)

    def visible_to(self, user: "User") -> "GrantQuerySet":
        """Certificate Admins see who has been let in to their company."""
        return self.filter(onboarding__company__in=_administered_by(user))
