"""The app's registration with Django.

Nothing happens at start.
"""

from django.apps import AppConfig


class LookConfig(AppConfig):
    name = "onboarding.look"
    label = "look"
    verbose_name = "Look"
