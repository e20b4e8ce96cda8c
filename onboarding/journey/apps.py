"""App configuration of this room.

Its start-up checks are in checks.py, what it listens to is in receivers.py.
"""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class JourneyConfig(AppConfig):
    """Registers the room under the label `journey`."""

    name = "onboarding.journey"
    label = "journey"

    def ready(self) -> None:
        """Register the checks of the table, what follows a migration, and what the vault's maintenance can compare."""
        from onboarding.journey import added_steps, checks, evidence, receivers  # noqa: F401  two register themselves

        post_migrate.connect(evidence.seal_after_migrate, sender=self)
        post_migrate.connect(added_steps.begin_after_migrate, sender=self)
