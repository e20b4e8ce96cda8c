"""App configuration of this room.

What it listens to is in receivers.py.
"""

from django.apps import AppConfig


class HandoverConfig(AppConfig):
    """Registers the room under the label `handover`."""

    name = "onboarding.handover"
    label = "handover"

    def ready(self) -> None:
        """Listen to people/, which knows nothing of offers and grants."""
        from onboarding.handover import receivers  # noqa: F401  registers itself
