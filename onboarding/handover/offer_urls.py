"""Addresses of an offer: one per verb, under `/handovers/`.

Making one lies under its step (urls.py).
"""

from django.urls import path

from onboarding.handover import chosen_offer_views, secret_sharing_views
from onboarding.handover import offer_views as views

app_name = "offers"

urlpatterns = [
    path("chosen/", chosen_offer_views.chosen, name="chosen"),
    path("chosen/accept/", chosen_offer_views.accept_chosen, name="accept-chosen"),
    path("<uuid:pk>/", views.offer, name="offer"),
    path("<uuid:pk>/accept/", views.accept, name="accept"),
    path("<uuid:pk>/decline/", views.decline, name="decline"),
    path("<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<uuid:pk>/return/", views.return_, name="return"),
    path("<uuid:pk>/secrets/", secret_sharing_views.share, name="share-secret"),
    path("<uuid:pk>/secrets/<uuid:secret>/", secret_sharing_views.open_secret, name="open-secret"),
    path(
        "<uuid:pk>/secrets/<uuid:secret>/take-back/", secret_sharing_views.withdraw, name="take-back-secret"
    ),
]
