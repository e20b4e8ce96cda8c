"""CompanyDeadlines (times that ops set for a company) and DeadlinePause (that deadlines rest, and why).

Written only in deadlines/.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from certs import clock
from certs.constraints import both_or_neither
from onboarding.people.models import Company


class CompanyDeadlines(models.Model):
    """What ops set for the deadlines of one company; written under the company's lock.

    `times`: step -> {"usual", "latest" (working days), "reason"}.
    """

    company = models.OneToOneField(
        Company, on_delete=models.CASCADE, primary_key=True, related_name="deadlines"
    )
    times = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.company)


class DeadlinePause(models.Model):
    """The deadlines of one onboarding rest, or without `onboarding` the company is on hold. Times are UTC."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="deadline_pauses")
    onboarding = models.ForeignKey(
        "journey.Onboarding", on_delete=models.CASCADE, null=True, related_name="deadline_pauses"
    )
    reason = models.CharField(max_length=500)
    started_at = models.DateTimeField(default=clock.now)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["onboarding"],
                condition=Q(ended_at=None),
                name="one_pause_of_an_onboarding_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["company"],
                condition=Q(ended_at=None, onboarding=None),
                name="one_pause_of_a_company_at_a_time",
            ),
            both_or_neither("ended_at", "ended_by", "an_ended_pause_says_by_whom"),
        ]

    def __str__(self) -> str:
        return f"{self.company} since {self.started_at:%Y-%m-%d}"
