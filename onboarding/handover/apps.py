"""App configuration of this room.

Nothing else lives here.
"""

from django.apps import AppConfig


class HandoverConfig(AppConfig):
    """Registers the room under the label `handover`."""

    name = "onboarding.handover"
    label = "handover"
