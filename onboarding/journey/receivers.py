"""What certs/ asks of this room; connected in apps.py.

What follows a migration is connected there too, as Django wants it.
"""

from typing import Any

from django.dispatch import receiver

from certs.models import Secret
from certs.signals import secret_fingerprint_requested
from onboarding.journey.replay import stored_files


@receiver(secret_fingerprint_requested)
def fingerprint_of_evidence(secret: Secret, **_: Any) -> str | None:
    """The SHA-256 (lower-case hex) that was noted when this file came; None for what is no evidence."""
    return stored_files.get_fingerprint(secret)
