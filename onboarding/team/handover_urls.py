"""Addresses of the receiver's roles in other systems: they lie under `/handovers/<id>/`.

The offer's own addresses are in handover/offer_urls.py.
"""

from django.urls import path

from onboarding.team import external_role_views as views

app_name = "external-roles"

urlpatterns = [
    path("<uuid:pk>/<str:system>/added/", views.confirm_external_role, name="confirm"),
    path("<uuid:pk>/atlas/add/", views.add_in_atlas, name="add-in-atlas"),
]
