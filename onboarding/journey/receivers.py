"""What certs/ asks of this room, and what people/ tells it; connected in apps.py.

What follows a migration is connected there too, as Django wants it.
"""

from typing import Any

from django.dispatch import receiver

from certs.models import Secret
from certs.signals import secret_fingerprint_requested
from onboarding.journey.deadlines import pauses
from onboarding.journey.replay import stored_files
from onboarding.people.models import Company, User
from onboarding.people.signals import company_held, company_hold_ended


@receiver(secret_fingerprint_requested)
def fingerprint_of_evidence(secret: Secret, **_: Any) -> str | None:
    """The SHA-256 (lower-case hex) that was noted when this file came; None for what is no evidence."""
    return stored_files.get_fingerprint(secret)


@receiver(company_held)
def pause_held_company(company: Company, actor: User, reason: str, **_: Any) -> None:
    """While a company is on hold its deadlines rest."""
    pauses.pause_company(company, actor=actor, reason=reason)


@receiver(company_hold_ended)
def resume_held_company(company: Company, actor: User, **_: Any) -> None:
    """They go on with the company."""
    pauses.resume_company(company, actor=actor)
