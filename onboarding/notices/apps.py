"""App configuration of this room.

Nothing else lives here.
"""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Registers the room under the label `notices`."""

    name = "onboarding.notices"
    label = "notices"
