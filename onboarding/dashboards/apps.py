"""App configuration of this room.

Nothing else lives here.
"""

from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    """Registers the room under the label `dashboards`."""

    name = "onboarding.dashboards"
    label = "dashboards"
