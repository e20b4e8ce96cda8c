"""Every address of the portal, by room.

Error pages are templates/<status>.html; a service that is away is told apart in ui/error_views.py.
"""

from django.urls import Resolver404, include, path, re_path
from django.views.defaults import page_not_found

# Everything about one's own sign-in: ours, then allauth's.
ACCOUNT = [
    path("accounts/", include("onboarding.people.account_urls")),
    path("accounts/", include("onboarding.people.allauth_urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("accounts/organisation/", include("allauth.socialaccount.urls")),
    path("accounts/", include("allauth.socialaccount.providers.openid_connect.urls")),
]

urlpatterns = [
    # An address is a person's name here: only the one that ops or an admin wrote to counts, and nobody changes it.
    path("accounts/email/", page_not_found, {"exception": Resolver404()}),
    # For the same reason nobody gets a link that confirms one, and none is taken.
    re_path(r"^accounts/confirm-email/.+/$", page_not_found, {"exception": Resolver404()}),
    *ACCOUNT,
    path("companies/", include("onboarding.people.urls")),
    path("companies/", include("onboarding.team.urls")),
    path("invitations/", include("onboarding.people.invitation_urls")),
    path("onboardings/", include("onboarding.journey.urls")),
    path("onboardings/", include("onboarding.handover.urls")),
    path("onboardings/", include("onboarding.questions.urls")),
    path("handovers/", include("onboarding.handover.offer_urls")),
    path("handovers/", include("onboarding.team.handover_urls")),
    path("clients/", include("onboarding.clients.urls")),
    path("ops/companies/", include("onboarding.ops.urls")),
    path("", include("onboarding.help.urls")),
    path("", include("onboarding.dashboards.urls")),
]

handler400 = "onboarding.ui.error_views.bad_request"
handler500 = "onboarding.ui.error_views.server_error"
