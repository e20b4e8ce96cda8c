"""Question: what somebody asks ops about a step, and what ops answer. Rows are written by asking.py only."""

import uuid
from typing import TypeAlias

from django.conf import settings
from django.db import models
from django.db.models import Q

from certs import clock
from certs.constraints import demands, exactly_when, one_of
from onboarding.journey.models import StepRecord
from onboarding.questions.choices import QuestionStatus
from onboarding.questions.querysets import QuestionQuerySet


class Question(models.Model):
    """One question about one step; the step stays as it is.

    `follows` is the first question of the same conversation, null in the first itself. `answer` is what ops wrote, or
    why they closed it without an answer; `answered_by` and `answered_at` (UTC) are of whichever it was. Neither text
    ever holds a secret: the forms refuse what looks like one.
    """

    Status: TypeAlias = QuestionStatus

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(StepRecord, on_delete=models.CASCADE, related_name="questions")
    follows = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="further")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="questions_asked"
    )
    asked_at = models.DateTimeField(default=clock.now)
    text = models.TextField()
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            one_of("status", QuestionStatus, "questions_have_a_known_status"),
            exactly_when(
                Q(status=QuestionStatus.OPEN),
                Q(answered_at__isnull=True),
                "a_question_that_is_over_says_since_when",
            ),
            demands(
                ~Q(status=QuestionStatus.OPEN),
                Q(answered_by__isnull=False) & ~Q(answer=""),
                "a_question_that_is_over_has_its_answer",
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(status=QuestionStatus.OPEN), name="questions_to_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} by {self.asked_by_id} {self.status}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for ops."""
        return self.status == self.Status.OPEN
