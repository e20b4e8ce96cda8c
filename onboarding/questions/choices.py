"""How a question stands: the words of its column."""

from django.db import models


class QuestionStatus(models.TextChoices):
    """Open until ops answer it, or close it without an answer."""

    OPEN = "open", "Waits for an answer"
    ANSWERED = "answered", "Answered"
    CLOSED = "closed", "Closed without an answer"
