"""The words in which companies and invitations are asked for.

Every query for a person starts with `visible_to`.
"""

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from onboarding.people.models import Company, User


class CompanyQuerySet(models.QuerySet[Any]):
    """Companies."""

    def visible_to(self, user: "User") -> "CompanyQuerySet":
        """The companies a person belongs to; ops see all."""
        if user.is_ops:
            return self
        return self.filter(memberships__user=user)


class InvitationQuerySet(models.QuerySet[Any]):
    """Invitations."""

    def of(self, company: "Company") -> "InvitationQuerySet":
        """Those of one company that was already fetched for a person."""
        return self.filter(company=company).select_related("invited_by", "accepted_by")

    def unanswered(self) -> "InvitationQuerySet":
        """Neither accepted nor withdrawn; some may be past their time."""
        return self.filter(accepted_at=None, withdrawn_at=None)
