"""The app's registration with Django.

Nothing happens at start.
"""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "onboarding.ui"
    label = "ui"
    verbose_name = "User interface"
