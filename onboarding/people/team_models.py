"""Absence, PrimaryChange, Review and ReviewLine: what is agreed and recorded about a company's people.

The people themselves are in models.py, which hands these on.
"""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from certs import clock


class Absence(models.Model):
    """A person is away from a company's work from one day to another, both included; a deputy stands in."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences")
    company = models.ForeignKey("people.Company", on_delete=models.CASCADE, related_name="absences")
    first_day = models.DateField()
    last_day = models.DateField()
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="deputy_in"
    )
    entered_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="absences_end_after_start"
            ),
            models.CheckConstraint(
                condition=Q(deputy=None) | ~Q(deputy=F("user")), name="nobody_is_his_own_deputy"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} is away from {self.first_day} to {self.last_day}"

    def covers(self, day: date) -> bool:
        """Whether the person is away on this day."""
        return self.first_day <= day <= self.last_day


class PrimaryChange(models.Model):
    """Ops ask somebody of the company to become its Primary Certificate Admin; done when that person agrees."""

    company = models.ForeignKey("people.Company", on_delete=models.CASCADE, related_name="primary_changes")
    successor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    started_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(default=False)

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["company"], condition=Q(ended_at=None), name="one_open_change_of_primary"
            )
        ]

    def __str__(self) -> str:
        return f"{self.successor} for {self.company}"


class Review(models.Model):
    """One guided look at everybody who has access, before production (R60-R62)."""

    company = models.ForeignKey("people.Company", on_delete=models.CASCADE, related_name="reviews")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=clock.now)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["company"], condition=Q(finished_at=None), name="one_open_review_per_company"
            )
        ]

    def __str__(self) -> str:
        return f"Review of {self.company}, {self.started_at:%Y-%m-%d}"


class ReviewLine(models.Model):
    """One person in one system: keep or remove, and why. Of Atlas the company itself types who is there."""

    class System(models.TextChoices):
        PORTAL = "portal", "This portal"
        ATLAS = "atlas", "Atlas"

    class Decision(models.TextChoices):
        KEEP = "keep", "Keep"
        REMOVE = "remove", "Remove"

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="lines")
    system = models.CharField(max_length=6, choices=System.choices)
    name = models.CharField(max_length=150)
    email = models.EmailField("e-mail address", max_length=254)
    role = models.CharField(max_length=60, blank=True)
    decision = models.CharField(max_length=6, choices=Decision.choices, blank=True)
    why = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["system", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "system", "email"], name="one_line_per_person_and_system"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} in {self.get_system_display()}: {self.get_decision_display() or 'undecided'}"
