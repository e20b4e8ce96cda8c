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
        """Register the checks of the table, what follows a migration, and what the vault's maintenance can compare."""
        from certs import vault_maintenance
        from onboarding.journey import checks, evidence  # noqa: F401  checks registers itself
        from onboarding.journey.replay import stored_files

        post_migrate.connect(evidence.seal_after_migrate, sender=self)
        vault_maintenance.FINGERPRINTS_ABOVE.append(stored_files.get_fingerprint)
