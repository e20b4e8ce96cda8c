"""App configuration of this room.

Nothing else lives here.
"""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Registers the room under the label `desk`."""

    name = "onboarding.desk"
    label = "desk"
