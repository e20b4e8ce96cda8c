"""CompanyNote: what ops wrote down of a company, or of a call to it; SavedView: filters that somebody keeps.

Holds of companies are kept with the deadlines that rest (journey/deadlines/holds.py).
"""

import uuid
from typing import TypeAlias

from django.conf import settings
from django.db import models
from django.db.models import Q

from certs import clock
from certs.constraints import one_of
from onboarding.people.models import Company


class NoteAudience(models.TextChoices):
    """Who reads a note."""

    OPS = "ops", "Ops only"
    COMPANY = "company", "Ops and the people of the company"


class CallResult(models.TextChoices):
    """How a call to a company ended."""

    REACHED = "reached", "I spoke to them"
    MESSAGE = "message", "I left a message"
    RING_AGAIN = "ring-again", "They asked to be rung again"
    NO_ANSWER = "no-answer", "Nobody answered"
    WRONG_NUMBER = "wrong-number", "The number is wrong"


class CompanyNote(models.Model):
    """One note of ops, or one call (then `result` is set). The text never holds a secret: the form refuses one.

    `rung` is who was asked for; null for somebody who is not among the company's people. `at` is when it was written
    (UTC).
    """

    Audience: TypeAlias = NoteAudience
    Result: TypeAlias = CallResult

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="notes")
    audience = models.CharField(max_length=8, choices=Audience.choices, default=Audience.OPS)
    text = models.TextField(blank=True)
    result = models.CharField(max_length=12, choices=Result.choices, blank=True)
    rung = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-at"]
        constraints = [
            one_of("audience", NoteAudience, "notes_have_a_known_audience"),
            one_of("result", CallResult, "calls_have_a_known_result", blank=True),
            models.CheckConstraint(condition=~Q(text="") | ~Q(result=""), name="a_note_says_something"),
        ]
        indexes = [models.Index(fields=["company", "-at"], name="notes_of_a_company")]

    def __str__(self) -> str:
        return f"{self.company_id} by {self.by_id} {self.result or 'note'}"

    @property
    def is_call(self) -> bool:
        """Whether it tells of a call."""
        return bool(self.result)


class SavedView(models.Model):
    """Filters and order of the list of companies under a name; `query` is the part of the address after its `?`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.TextField(blank=True)  # as long as the longest filters, in the spelling of an address

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="one_saved_view_per_name_and_person")
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.user_id}"
