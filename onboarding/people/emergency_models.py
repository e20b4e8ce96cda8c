"""EmergencyInvitation: ops ask to invite a Certificate Admin, and a second person agrees before anything goes out.

Rows are written by emergency.py only; models.py hands the model on.
"""

import uuid
from typing import ClassVar, TypeAlias

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from certs import clock
from certs.constraints import one_of


class EmergencyStatus(models.TextChoices):
    """How a request stands."""

    ASKED = "asked", "Asked, nobody has agreed yet"
    AGREED = "agreed", "Agreed, the waiting time runs"
    SENT = "sent", "The invitation was sent"
    STOPPED = "stopped", "Stopped"
    EXPIRED = "expired", "Ended without an invitation"


class EmergencySecond(models.TextChoices):
    """Who agreed to it, beside the person of ops who asked."""

    COMPANY = "company", "a Certificate Admin of the company"
    OPS = "ops", "another person of ops"
    OPERATOR = "operator", "the operator of the portal"


class EmergencyInvitation(models.Model):
    """One request, from the question to its end. `reason` and `agreed_note` are for people and stay in this row."""

    Status: TypeAlias = EmergencyStatus
    Second: TypeAlias = EmergencySecond
    OPEN: ClassVar = (EmergencyStatus.ASKED, EmergencyStatus.AGREED)  # nothing has gone out yet

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    company = models.ForeignKey("people.Company", on_delete=models.CASCADE, related_name="emergencies")
    email = models.EmailField("email address", max_length=254)
    reason = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(help_text="until then somebody must have agreed")
    agreed_as = models.CharField(max_length=8, choices=Second.choices, blank=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    agreed_at = models.DateTimeField(null=True)
    agreed_note = models.TextField(blank=True, help_text="how the operator made sure")
    goes_out_at = models.DateTimeField(null=True, help_text="not before then is the invitation sent")
    status = models.CharField(max_length=7, choices=Status.choices, default=Status.ASKED)
    invitation = models.ForeignKey(
        "people.Invitation", null=True, on_delete=models.PROTECT, related_name="emergencies"
    )
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "email"],
                condition=Q(status__in=[EmergencyStatus.ASKED, EmergencyStatus.AGREED]),
                name="one_open_emergency_per_address",
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="emergencies_are_lower_case"),
            one_of("status", EmergencyStatus, "emergency_status_is_known"),
            one_of("agreed_as", EmergencySecond, "emergency_second_is_known", blank=True),
            models.CheckConstraint(
                condition=Q(agreed_by=None) | ~Q(agreed_by=F("asked_by")),
                name="two_people_agree_to_an_emergency",
            ),
            models.CheckConstraint(
                condition=Q(agreed_as="", agreed_by=None, agreed_at=None)
                | Q(agreed_as=EmergencySecond.OPERATOR, agreed_by=None, agreed_at__isnull=False)
                | Q(
                    agreed_as__in=[EmergencySecond.COMPANY, EmergencySecond.OPS],
                    agreed_by__isnull=False,
                    agreed_at__isnull=False,
                ),
                name="emergency_agreement_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[EmergencyStatus.AGREED, EmergencyStatus.SENT])
                | Q(agreed_at__isnull=False),
                name="no_emergency_without_agreement",
            ),
            models.CheckConstraint(
                condition=~Q(status=EmergencyStatus.SENT)
                | Q(invitation__isnull=False, goes_out_at__isnull=False),
                name="sent_emergency_has_invitation",
            ),
            models.CheckConstraint(
                condition=~Q(status=EmergencyStatus.AGREED) | Q(goes_out_at__isnull=False),
                name="agreed_emergency_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status=EmergencyStatus.STOPPED)
                | Q(stopped_by__isnull=False, ended_at__isnull=False),
                name="stopped_emergency_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"Emergency invitation of {self.email} to {self.company}"

    @property
    def is_open(self) -> bool:
        """Nothing has gone out yet, and it still can."""
        return self.status in (self.Status.ASKED, self.Status.AGREED)
