"""App configuration of this room.

Nothing else lives here.
"""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Registers the room under the label `audit`."""

    name = "onboarding.audit"
    label = "audit"
