"""Every address of the portal, by room.

Error pages are templates/<status>.html.
"""

from django.urls import Resolver404, include, path
from django.views.defaults import page_not_found

urlpatterns = [
    # An address is a person's name here: only the one that ops or an admin wrote to counts, and nobody changes it.
    path("accounts/email/", page_not_found, {"exception": Resolver404()}),
    path("accounts/", include("allauth.account.urls")),
    path("companies/", include("onboarding.people.urls")),
    path("onboardings/", include("onboarding.journey.urls")),
    path("onboardings/", include("onboarding.handover.urls")),
    path("help/", include("onboarding.journey.help_urls")),
    path("", include("onboarding.desk.urls")),
]
