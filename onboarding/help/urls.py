"""Addresses of the help: guides by role and by subject, problems by code.

A guide's name is never a problem's code; tests/help/test_pages.py proves it.
"""

from django.urls import path

from onboarding.help import file_check, views
from onboarding.people.role_guides import RoleGuide

app_name = "help"

GUIDES = ("before-you-start", "roles", "account", "uit-and-production", "accessibility", "about")

urlpatterns = [
    path("check/", file_check.check_file, name="check-file"),
    path("help/", views.index, name="index"),
    path("help/openssl-and-key-vault/", views.openssl_and_key_vault, name="openssl-and-key-vault"),
    path("help/which-program/", views.which_program, name="which-program"),
    *(path(f"help/{each}/", views.role_guide, {"role_guide": each}, name=each.value) for each in RoleGuide),
    *(path(f"help/{name}/", views.guide, {"name": name}, name=name) for name in GUIDES),
    path("help/<slug:code>/", views.problem, name="problem"),
]
