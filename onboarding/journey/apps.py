"""App configuration of this room.

Its start-up checks are in checks.py.
"""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class JourneyConfig(AppConfig):
    """Registers the room under the label `journey`."""

    name = "onboarding.journey"
    label = "journey"

    def ready(self) -> None:
        """Register the checks of the table, and what follows a migration."""
        from onboarding.journey import checks, evidence  # noqa: F401  checks registers itself

        post_migrate.connect(evidence.seal_after_migrate, sender=self)
