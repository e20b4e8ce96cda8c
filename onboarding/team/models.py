"""Absence, PrimaryChange, AccessReview with its lines, ExternalRoleCheck: what is agreed and recorded about a team.

The people themselves are in people/models.py.
"""

from datetime import date
from typing import TypeAlias

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from certs import clock
from certs.constraints import both_or_neither, demands, exactly_when, one_of
from onboarding.handover.models import Offer


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
            ),
            demands(Q(agreed=True), Q(ended_at__isnull=False), "an_agreed_change_has_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.successor} for {self.company}"


class AccessReview(models.Model):
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
            ),
            both_or_neither("finished_at", "finished_by", "a_finished_review_says_when_and_by_whom"),
        ]

    def __str__(self) -> str:
        return f"Review of {self.company}, {self.started_at:%Y-%m-%d}"


class AccessReviewSystem(models.TextChoices):
    """Where a person has access."""

    PORTAL = "portal", "This portal"
    ATLAS = "atlas", "Atlas"


class AccessReviewDecision(models.TextChoices):
    """What becomes of an access."""

    KEEP = "keep", "Keep"
    REMOVE = "remove", "Remove"


class AccessReviewLine(models.Model):
    """One person in one system: keep or remove, and why. Of Atlas the company itself types who is there."""

    System: TypeAlias = AccessReviewSystem

    Decision: TypeAlias = AccessReviewDecision

    review = models.ForeignKey(AccessReview, on_delete=models.CASCADE, related_name="lines")
    system = models.CharField(max_length=6, choices=System.choices)
    name = models.CharField(max_length=150)
    email = models.EmailField("email address", max_length=254)
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
            ),
            one_of("system", AccessReviewSystem, "review_lines_are_of_a_known_system"),
            one_of("decision", AccessReviewDecision, "review_lines_have_a_known_decision", blank=True),
            both_or_neither("decided_at", "decided_by", "a_decision_says_when_and_by_whom"),
            exactly_when(~Q(decision=""), Q(decided_at__isnull=False), "what_is_decided_has_its_date"),
        ]

    def __str__(self) -> str:
        return f"{self.name} in {self.get_system_display()}: {self.get_decision_display() or 'undecided'}"


class ExternalSystem(models.TextChoices):
    """Where the receiver needs a role as well."""

    DIP = "dip", "the DIP"
    ATLAS = "atlas", "Atlas"


class ExternalRoleCheck(models.Model):
    """Somebody saw to it that the receiver has the role which the step needs in another system (R32)."""

    System: TypeAlias = ExternalSystem

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="external_role_checks")
    system = models.CharField(max_length=5, choices=System.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    by_api = models.BooleanField(default=False, help_text="the portal itself added or found the person")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "system"], name="one_external_role_check_per_system"),
            one_of("system", ExternalSystem, "external_role_checks_are_of_a_known_system"),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id} {self.system}"
