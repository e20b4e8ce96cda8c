"""App configuration of this room, and what it listens to when the portal starts."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Registers the room under the label `notifications`."""

    name = "onboarding.notifications"
    label = "notifications"

    def ready(self) -> None:
        """Answer for the emails to the support address."""
        from onboarding.notifications import support  # noqa: F401  registers itself
