"""What journey/ tells: somebody reported that something else is wrong with a step. Connected in apps.py."""

from typing import Any

from django.dispatch import receiver

from onboarding.journey.models import StepRecord
from onboarding.journey.signals import help_asked
from onboarding.people.models import User
from onboarding.questions import asking


@receiver(help_asked)
def ask_ops(*, record: StepRecord, actor: User, text: str, **_: Any) -> bool:
    """Open a question for ops; whether it is a new one. Raises RequestRefused, which undoes nothing."""
    return asking.ask(record, actor=actor, text=text)[1]
