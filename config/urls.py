"""Every address of the portal, by room.

Error pages are templates/<status>.html.
"""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("companies/", include("onboarding.people.urls")),
    path("onboardings/", include("onboarding.journey.urls")),
    path("onboardings/", include("onboarding.handover.urls")),
    path("help/", include("onboarding.journey.help_urls")),
    path("", include("onboarding.desk.urls")),
]
