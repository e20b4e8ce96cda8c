"""App configuration of this room, and what it adds to the rooms below when the portal starts."""

from django.apps import AppConfig


class HandoverConfig(AppConfig):
    """Registers the room under the label `handover`."""

    name = "onboarding.handover"
    label = "handover"

    def ready(self) -> None:
        """Listen to people/, which knows nothing of offers and grants."""
        from onboarding.handover import page_parts, receivers  # noqa: F401  registers itself
