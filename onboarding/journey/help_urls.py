"""Addresses of the help: guides by name, problems by code.

A guide's name is never a problem's code; tests/journey/test_help.py proves it.
"""

from django.urls import path

from onboarding.journey import help_views

app_name = "help"

GUIDES = ("before-you-start", "roles", "accessibility", "about")

urlpatterns = [
    path("", help_views.index, name="index"),
    path("openssl-and-key-vault/", help_views.openssl_and_key_vault, name="openssl-and-key-vault"),
    *(path(f"{name}/", help_views.guide, {"name": name}, name=name) for name in GUIDES),
    path("<slug:code>/", help_views.problem, name="problem"),
]
