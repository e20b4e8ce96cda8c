"""App configuration of this room.

Nothing else lives here.
"""

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from certs.kept_plans import keep_more_plans
from certs.stored_moments import read_moments_fast


class CertsConfig(AppConfig):
    """Registers the room under the label `certs`, and how its connections to the database are set up."""

    name = "certs"
    label = "certs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connections are made from now on."""
        connection_created.connect(read_moments_fast, dispatch_uid="certs.read_moments_fast")
        connection_created.connect(keep_more_plans, dispatch_uid="certs.keep_more_plans")
