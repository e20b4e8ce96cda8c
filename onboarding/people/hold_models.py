"""CompanyHold: while one is open, deadlines and reminders of a company rest. Rows are written by holds.py only.

models.py hands the model on.
"""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from certs import clock
from certs.constraints import both_or_neither


class CompanyHoldQuerySet(models.QuerySet["CompanyHold"]):
    """Holds."""

    def open(self) -> Self:
        """Those that nobody has ended."""
        return self.filter(ended_at=None)


class CompanyHold(models.Model):
    """One rest of a company, from `since` to `ended_at` (UTC; null while it lasts). `reason` is read by its people."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    company = models.ForeignKey("people.Company", on_delete=models.CASCADE, related_name="holds")
    reason = models.CharField(max_length=500)
    since = models.DateTimeField(default=clock.now)
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = CompanyHoldQuerySet.as_manager()

    class Meta:
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(
                fields=["company"], condition=Q(ended_at=None), name="one_open_hold_per_company"
            ),
            both_or_neither("ended_at", "ended_by", "the_end_of_a_hold_says_when_and_by_whom"),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} since {self.since:%Y-%m-%d}"
