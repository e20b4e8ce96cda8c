"""Addresses of an invitation as its receiver sees it: `/invitations/...`.

Sending and withdrawing invitations lies under the company (urls.py).
"""

from django.urls import path

from onboarding.people import invitation_views as views

app_name = "invitations"

urlpatterns = [
    path("", views.invitation, name="invitation"),
    path("accept/", views.accept, name="accept"),
    path("join/", views.join, name="join"),
    path("<str:token>/", views.open_link, name="open"),
]
