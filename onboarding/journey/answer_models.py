"""SentAnswers: what a person once sent with a form of a step, kept beside what was sent before and after.

It is written by answers.py, and shown by views/sent_answers.py.
"""

from typing import Any

from django.conf import settings
from django.db import models

from certs import clock

GIVEN: dict[str, Any] = {"given": True}
"""Stands for a file, a secret or a long text: that it was given, and nothing of what it was."""


class SentAnswers(models.Model):
    """One form that was sent and taken: who sent it and when (UTC), and its answers by the names of its fields.

    `form` is the form's class. Never a secret, a file or a pasted key: GIVEN stands for these. `by` is None where an
    older version kept the answers without the person. `evidence` is there if the form ended a wait.
    """

    record = models.ForeignKey("journey.StepRecord", on_delete=models.CASCADE, related_name="sent_answers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    form = models.CharField(max_length=60)
    answers = models.JSONField(default=dict)
    evidence = models.OneToOneField(
        "journey.Evidence", null=True, on_delete=models.CASCADE, related_name="sent_answers"
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.record_id} {self.form} {self.at:%Y-%m-%d}"
