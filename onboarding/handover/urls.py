"""Addresses that lie under `/onboardings/<code>/`: a step's assignee, handing it over, and who was let in.

An offer has an address of its own (offer_urls.py).
"""

from django.urls import path

import onboarding.journey.urls  # noqa: F401  registers the path converters
from onboarding.handover import claim_views, grant_views, offer_views

app_name = "handover"

urlpatterns = [
    path("<code:code>/<step:slug>/take/", claim_views.claim, name="claim"),
    path("<code:code>/<step:slug>/take-back/", claim_views.reassign, name="reassign"),
    path("<code:code>/<step:slug>/release/", claim_views.unclaim, name="unclaim"),
    path("<code:code>/<step:slug>/hand-over/", offer_views.hand_over, name="hand-over"),
    path("<code:code>/grants/", grant_views.grants, name="grants"),
    path("<code:code>/grants/<uuid:pk>/extend/", grant_views.extend, name="extend"),
    path("<code:code>/grants/<uuid:pk>/revoke/", grant_views.revoke, name="revoke"),
]
