"""What a piece of evidence says of its file in the vault, so that `vault verify` can tell when another took its place.

That what it says is still what the events say is compared in comparison.py.
"""

from certs.models import Secret
from onboarding.journey.models import Evidence


def get_fingerprint(secret: Secret) -> str | None:
    """The SHA-256 (lower-case hex) that was noted when this file came; None for what is no evidence."""
    return Evidence.objects.filter(stored_file__secret=secret).values_list("file_sha256", flat=True).first()
