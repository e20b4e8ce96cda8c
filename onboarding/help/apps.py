"""The room's registration with Django under the label `help`.

Nothing happens at start.
"""

from django.apps import AppConfig


class HelpConfig(AppConfig):
    """The help app: no models."""

    name = "onboarding.help"
    label = "help"
