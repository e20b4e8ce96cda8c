"""App configuration of this room."""

from django.apps import AppConfig


class ConversionConfig(AppConfig):
    """Registers the room under the label `conversion`."""

    name = "onboarding.conversion"
    label = "conversion"

    def ready(self) -> None:
        """Register the check that stops `migrate` on a database of the earlier layout."""
        from onboarding.conversion import checks  # noqa: F401  registers itself
