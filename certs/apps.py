"""App configuration of this room.

Nothing else lives here.
"""

from django.apps import AppConfig


class CertsConfig(AppConfig):
    """Registers the room under the label `certs`."""

    name = "certs"
    label = "certs"
    default_auto_field = "django.db.models.BigAutoField"
