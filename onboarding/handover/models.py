"""Offer (an agreement of two about steps), OfferedStep and Grant (what an outside technician may see).

Rows are written by offers.py and grants.py only; how a step itself stands is journey/'s.
"""

import uuid
from typing import TypeAlias

from django.conf import settings
from django.db import models
from django.db.models import Q

from certs import clock
from certs.constraints import demands, exactly_when, one_of
from onboarding.handover.choices import OfferStatus
from onboarding.handover.querysets import GrantQuerySet, OfferedStepQuerySet, OfferQuerySet
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.steps import ORDER
from onboarding.people.models import Company


class Offer(models.Model):
    """One person offers steps to another: a member, or somebody outside whom an invitation asks in.

    `access_until` is set for people outside only: how long their grant lasts once they accept. `answer` is what was
    said when it was declined, withdrawn or returned.
    """

    Status: TypeAlias = OfferStatus

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="offers")
    onboarding = models.ForeignKey(Onboarding, on_delete=models.CASCADE, related_name="offers")
    from_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="offers_made"
    )
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="offers_received"
    )
    to_email = models.EmailField(max_length=254, blank=True)
    invitation = models.ForeignKey(
        "people.Invitation", null=True, on_delete=models.PROTECT, related_name="offers"
    )
    reason = models.TextField()
    note = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.OFFERED)
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    access_until = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_user__isnull=False) | Q(invitation__isnull=False),
                name="an_offer_has_a_receiver",
            ),
            one_of("status", OfferStatus, "offers_have_a_known_status"),
            exactly_when(
                Q(status=OfferStatus.OFFERED),
                Q(answered_at__isnull=True),
                "an_offer_that_is_over_says_since_when",
            ),
        ]
        indexes = [
            models.Index(fields=["to_user", "status"], name="offers_received"),
            models.Index(
                fields=["expires_at"], condition=Q(status=OfferStatus.OFFERED), name="offers_to_expire"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.onboarding_id} from {self.from_user_id} {self.status}"

    @property
    def is_outside(self) -> bool:
        """Whether the receiver is no member of the company and gets a grant."""
        return self.access_until is not None

    @property
    def receiver(self) -> str:
        """Who is asked: by address until somebody outside has accepted, so that nobody learns who has an account."""
        if self.is_outside and self.status not in (self.Status.ACCEPTED, self.Status.RETURNED):
            return self.to_email
        return str(self.to_user or self.to_email)

    @property
    def is_open(self) -> bool:
        """Waits for its answer, and in time."""
        return self.status == self.Status.OFFERED and self.expires_at > clock.now()

    def records(self) -> list[StepRecord]:
        """The steps, in the order of the table."""
        found = [each.record for each in self.steps.all()]
        for record in found:
            record.onboarding = self.onboarding
        return sorted(found, key=lambda record: ORDER[record.slug])

    def titles(self) -> str:
        """The steps as words."""
        return _joined([f"“{record.definition.title}”" for record in self.records()])


def _joined(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


class OfferedStep(models.Model):
    """One step of an offer. While `is_open`, nobody can offer the step a second time: the database says so."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="steps")
    record = models.ForeignKey(StepRecord, on_delete=models.CASCADE, related_name="offers")
    is_open = models.BooleanField(default=True)

    is_readable = False  # no column: whether whoever reads may open the offer's page (access.offers_by_step)

    objects = OfferedStepQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=Q(is_open=True), name="one_open_offer_per_step"
            ),
            models.UniqueConstraint(fields=["offer", "record"], name="a_step_once_per_offer"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} in {self.offer_id}"


class Grant(models.Model):
    """An outside technician may see and do these steps of this onboarding, until this moment or until revoked.

    `revoked_by` null with `revoked_at` set: the date was past and the portal closed it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    onboarding = models.ForeignKey(Onboarding, on_delete=models.CASCADE, related_name="grants")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="grants")
    offer = models.ForeignKey(Offer, null=True, on_delete=models.PROTECT, related_name="grants")
    steps = models.ManyToManyField(StepRecord, related_name="grants")
    until = models.DateTimeField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=clock.now)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering = ["-given_at"]
        indexes = [
            models.Index(fields=["user", "until"], name="grants_of_a_person"),
            models.Index(fields=["until"], condition=Q(revoked_at=None), name="grants_to_close"),
        ]
        constraints = [
            demands(
                Q(revoked_by__isnull=False),
                Q(revoked_at__isnull=False),
                "who_revoked_a_grant_says_since_when",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.onboarding_id} until {self.until:%Y-%m-%d}"

    @property
    def in_force(self) -> bool:
        """Neither revoked nor past its date."""
        return self.revoked_at is None and self.until > clock.now()

    def records(self) -> list[StepRecord]:
        """The steps, in the order of the table."""
        found = list(self.steps.all())
        for record in found:
            record.onboarding = self.onboarding
        return sorted(found, key=lambda record: ORDER[record.slug])

    def titles(self) -> str:
        """The steps as words."""
        return _joined([f"“{record.definition.title}”" for record in self.records()])
