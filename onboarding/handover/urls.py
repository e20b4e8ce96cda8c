"""Addresses for taking, releasing and taking back a step: POST only.

They lie under `/onboardings/<code>/<step>/`.
"""

from django.urls import path

import onboarding.journey.urls  # noqa: F401  registers the path converters
from onboarding.handover import views

app_name = "handover"

urlpatterns = [
    path("<code:code>/<step:slug>/take/", views.take, name="take"),
    path("<code:code>/<step:slug>/take-back/", views.take_back, name="take-back"),
    path("<code:code>/<step:slug>/release/", views.release, name="release"),
]
