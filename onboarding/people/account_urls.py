"""Addresses of one's own account that allauth does not have, or that are ours instead of allauth's.

Everything else below /accounts/ is allauth's.
"""

from django.urls import path, re_path

from onboarding.people import account, reset_views, welcome_views

app_name = "own"

urlpatterns = [
    path("", account.account, name="account"),
    path("telephone/", account.telephone, name="telephone"),
    path("oidc/organisation/login/", account.organisation, name="organisation"),
    path("sessions/<int:pk>/end/", account.end_session, name="end-session"),
    # In place of allauth's page at this very address: allauth lets a link work until a password was chosen with it.
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        reset_views.open_link,
        name="open-reset-link",
    ),
    path("password/reset/link/", reset_views.link, name="reset-link"),
    path("password/reset/link/use/", reset_views.use_link, name="use-reset-link"),
    path("password/reset/link/new/", reset_views.new_link, name="new-reset-link"),
    path("password/reset/choose/", reset_views.choose_password, name="choose-password"),
    re_path(
        r"^welcome/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        welcome_views.open_link,
        name="open-welcome-link",
    ),
    path("welcome/", welcome_views.welcome, name="welcome"),
]
