"""The words in which questions are asked for.

Every query for a person starts with `visible_to`.
"""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from onboarding.journey.models import StepRecord
from onboarding.questions.choices import QuestionStatus

if TYPE_CHECKING:
    from onboarding.people.models import User
    from onboarding.questions.models import Question


class QuestionQuerySet(models.QuerySet["Question"]):
    """Questions."""

    def visible_to(self, user: "User") -> Self:
        """All of a case for its company's people and ops; from outside one's own, while the step's grant lasts."""
        if user.is_ops:
            return self
        member = Q(record__onboarding__company__in=user.memberships.values("company"))
        own = Q(asked_by=user, record__in=StepRecord.objects.granted_to(user))
        return self.filter(member | own)

    def open(self) -> Self:
        """Those that wait for ops."""
        return self.filter(status=QuestionStatus.OPEN)

    def with_people(self) -> Self:
        """With the step, the company, who asked and who answered, in one query."""
        return self.select_related("record__onboarding__company", "asked_by", "answered_by")
