"""The words in which companies are asked for.

Every query for a person starts with `visible_to`.
"""

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from onboarding.people.models import User


class CompanyQuerySet(models.QuerySet[Any]):
    """Companies."""

    def visible_to(self, user: "User") -> "CompanyQuerySet":
        """The companies a person belongs to; ops see all."""
        if user.is_ops:
            return self
        return self.filter(memberships__user=user)
