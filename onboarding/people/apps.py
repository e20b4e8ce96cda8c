"""App configuration of this room.

What it listens to is in receivers.py.
"""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Registers the room under the label `people`."""

    name = "onboarding.people"
    label = "people"

    def ready(self) -> None:
        """What the vault keeps of a second factor goes with it, and its maintenance knows whose it is."""
        from certs import vault_maintenance
        from onboarding.people import receivers, second_factor  # noqa: F401  receivers listen

        vault_maintenance.OWNERS_ABOVE.append(second_factor.find_secret_owner)
