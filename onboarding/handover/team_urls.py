"""Addresses for changing a role, leaving, changing the primary, reviewing users: they lie under `/companies/<slug>/`.

Inviting is the people's business (people/urls.py); here, because what the person holds goes back to the team.
"""

from django.urls import path

from onboarding.handover import leaving_views as views
from onboarding.handover import review_views, succession_views

app_name = "leaving"

urlpatterns = [
    path("<slug:slug>/team/<uuid:pk>/role/", views.change_role, name="role"),
    path("<slug:slug>/team/<uuid:pk>/remove/", views.remove, name="remove"),
    path("<slug:slug>/primary/", succession_views.start, name="primary"),
    path("<slug:slug>/primary/agree/", succession_views.agree, name="agree"),
    path("<slug:slug>/primary/stop/", succession_views.stop, name="stop"),
    path("<slug:slug>/review/", review_views.review, name="review"),
    path("<slug:slug>/review/start/", review_views.start, name="start-review"),
    path("<slug:slug>/review/finish/", review_views.finish, name="finish-review"),
    path("<slug:slug>/review/<int:pk>/", review_views.decide, name="decide"),
]
