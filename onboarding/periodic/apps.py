"""App configuration of this room.

What it listens to is in receivers.py.
"""

from django.apps import AppConfig


class PeriodicConfig(AppConfig):
    """Registers the room under the label `periodic`."""

    name = "onboarding.periodic"
    label = "periodic"

    def ready(self) -> None:
        """Listen to what Celery sends and finishes."""
        from onboarding.periodic import receivers  # noqa: F401  registers itself
