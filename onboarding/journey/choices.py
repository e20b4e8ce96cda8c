"""Words that columns of this room hold and its queries ask for; the states of a step are in definitions.py."""

from django.db import models


class OnboardingEnvironment(models.TextChoices):
    """For which side of the DIP."""

    UIT = "uit", "UIT"
    PRODUCTION = "production", "Production"


class OnboardingStatus(models.TextChoices):
    """Whether it is under way, at its end or given up."""

    ACTIVE = "active", "Active"
    COMPLETED = "completed", "Completed"
    WITHDRAWN = "withdrawn", "Withdrawn"
