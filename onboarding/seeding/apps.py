"""App configuration of this room."""

from django.apps import AppConfig


class SeedingConfig(AppConfig):
    """Registers the room under the label `seeding`, for its command; it has no rows of its own."""

    name = "onboarding.seeding"
    label = "seeding"
