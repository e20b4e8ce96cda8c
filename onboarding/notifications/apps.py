"""App configuration of this room.

Nothing else lives here.
"""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Registers the room under the label `notifications`."""

    name = "onboarding.notifications"
    label = "notifications"
