"""App configuration of this room.

Its start-up checks are in checks.py.
"""

from django.apps import AppConfig


class JourneyConfig(AppConfig):
    """Registers the room under the label `journey`."""

    name = "onboarding.journey"
    label = "journey"

    def ready(self) -> None:
        """Register the checks of the table."""
        from onboarding.journey import checks  # noqa: F401  registers itself
