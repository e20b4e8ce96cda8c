"""App configuration of this room, and what it listens to and tells the vault when the portal starts."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Registers the room under the label `people`."""

    name = "onboarding.people"
    label = "people"

    def ready(self) -> None:
        """Listen to signing in, to second factors that come and go, and to the vault's maintenance; count in turn."""
        from onboarding.people import attempt_limits, late_links, receivers  # noqa: F401  they take effect
