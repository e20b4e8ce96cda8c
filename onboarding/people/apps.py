"""App configuration of this room.

What it listens to is in receivers.py.
"""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Registers the room under the label `people`."""

    name = "onboarding.people"
    label = "people"

    def ready(self) -> None:
        """Listen to signing in, to second factors that come and go, and to the vault's maintenance."""
        from onboarding.people import receivers  # noqa: F401  receivers listen
