"""App configuration of this room."""

from django.apps import AppConfig


class OpsConfig(AppConfig):
    """Registers the room under the label `ops`."""

    name = "onboarding.ops"
    label = "ops"
