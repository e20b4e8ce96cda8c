"""Addresses of an invitation as its receiver sees it: `/invitations/...`.

Sending and withdrawing invitations lies under the company (urls.py).
"""

from django.urls import path

from onboarding.people import invitation_views as views

app_name = "invitations"

# config/log_redaction.py lists the names under /invitations/ that are no tokens: add a new one there, too.
urlpatterns = [
    path("", views.invitation, name="invitation"),
    path("use/", views.use_link, name="use"),
    path("new-link/", views.new_link, name="new-link"),
    path("accept/", views.accept, name="accept"),
    path("join/", views.join, name="join"),
    path("<str:token>/", views.open_link, name="open"),
]
