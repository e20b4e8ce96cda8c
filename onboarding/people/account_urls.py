"""Addresses of one's own account that allauth does not have.

Everything else below /accounts/ is allauth's.
"""

from django.urls import path

from onboarding.people import account

app_name = "own"

urlpatterns = [
    path("", account.account, name="account"),
    path("oidc/organisation/login/", account.organisation, name="organisation"),
    path("sessions/<int:pk>/end/", account.end_session, name="end-session"),
]
