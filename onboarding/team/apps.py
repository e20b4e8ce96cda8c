"""App configuration of this room.

What it answers when rooms below ask is in receivers.py.
"""

from django.apps import AppConfig


class TeamConfig(AppConfig):
    """Registers the room under the label `team`."""

    name = "onboarding.team"
    label = "team"

    def ready(self) -> None:
        """Answer what people/ and handover/ ask by their signals."""
        from onboarding.team import receivers  # noqa: F401  receivers listen
