"""The room's registration with Django under the label `clients`.

Nothing happens at start.
"""

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    """The clients app: no models."""

    name = "onboarding.clients"
    label = "clients"
