"""App configuration of this room.

Nothing else lives here.
"""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Registers the room under the label `people`."""

    name = "onboarding.people"
    label = "people"

    def ready(self) -> None:
        """What the vault keeps of a second factor goes with it."""
        from onboarding.people import signals

        signals.connect()
