"""What the database finds without reading every onboarding and every step: the indexes of the two tables.

Which question each one answers stands beside it.
"""

from datetime import UTC, datetime

from django.db import models
from django.db.models import Q, Value
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Coalesce

from onboarding.journey.choices import OnboardingStatus
from onboarding.journey.steps import State

FAR = datetime(9999, 1, 1, tzinfo=UTC)  # what is due never comes last


def stands_since() -> Coalesce:
    """Since when an onboarding stands where it stands: it ended, or came to its step, or began."""
    return Coalesce("ended_at", "since", "started_at")


def due_or_far() -> Coalesce:
    """When it is due; what never is comes after all others."""
    return Coalesce("due_at", Value(FAR))


ONBOARDING_INDEXES = [
    # The figures of the board are read from the first alone; the list of who stands longest from the second.
    models.Index(
        fields=[
            "current_step",
            "next_actor",
            "current_state",
            "since",
            "due_at",
            "deadlines_paused_at",
        ],
        condition=Q(status=OnboardingStatus.ACTIVE),
        name="onboardings_under_way",
    ),
    models.Index(
        fields=["since"],
        condition=Q(status=OnboardingStatus.ACTIVE),
        name="onboardings_standing_longest",
    ),
    models.Index(
        fields=["ended_at"],
        condition=Q(status=OnboardingStatus.COMPLETED),
        name="onboardings_completed_lately",
    ),
    models.Index(
        fields=["company"], condition=Q(status=OnboardingStatus.WITHDRAWN), name="onboardings_withdrawn"
    ),
    # What the job asks that destroys secrets: those whose time is up, and those that may have got one since.
    models.Index(
        fields=["destroy_secrets_at"],
        condition=Q(secrets_destroyed_at=None, destroy_secrets_at__isnull=False),
        name="onboardings_to_destroy",
    ),
    models.Index(
        fields=["secrets_destroyed_at"],
        condition=Q(secrets_destroyed_at__isnull=False, secrets_gone_at=None),
        name="onboardings_destroyed_lately",
    ),
    # Two orders of the list of companies, which name the same expressions.
    models.Index(stands_since(), "company", "id", name="onboardings_by_standing"),
    models.Index(due_or_far(), "company", "id", name="onboardings_by_due_time"),
    # What ended comes first in the order of standing: who asks for what is under way would pass all of it.
    models.Index(
        stands_since(),
        "company",
        "id",
        condition=Q(status=OnboardingStatus.ACTIVE),
        name="active_by_standing",
    ),
]

STEP_INDEXES = [
    models.Index(fields=["next_check_at"], condition=Q(next_check_at__isnull=False), name="due_steps"),
    models.Index(fields=["assignee", "state"], name="assigned_steps"),
    models.Index(
        fields=["next_reminder_at", "id"],
        condition=Q(next_reminder_at__isnull=False),
        name="steps_to_remind_of",
    ),
    models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="steps_with_deadline"),
    models.Index(fields=["since"], condition=Q(state=State.PROBLEM), name="steps_with_problem"),
    models.Index(
        fields=["problem_code", "onboarding"], condition=~Q(problem_code=""), name="steps_by_problem"
    ),
    models.Index(fields=["polled_at"], condition=Q(next_check_at__isnull=False), name="steps_polled_last"),
    # Whose account Atlas has on its list of changes, asked every few seconds. Of all steps, though one of twelve has
    # an account: PostgreSQL does not estimate by the statistics of a partial index, and would read all that is polled.
    models.Index(KeyTransform("account_id", "facts"), name="steps_by_atlas_account"),
]
