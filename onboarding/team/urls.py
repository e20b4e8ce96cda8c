"""Addresses of a team: its page, roles and leaving, absence, change of the primary, review; under `/companies/<slug>/`.

Inviting is in people/urls.py, roles in other systems in handover_urls.py.
"""

from django.urls import path

from onboarding.team import absence_views, access_review_views, membership_views, primary_change_views, views

app_name = "team"

urlpatterns = [
    path("<slug:slug>/team/", views.team, name="team"),
    path("<slug:slug>/team/<uuid:pk>/role/", membership_views.change_role, name="role"),
    path("<slug:slug>/team/<uuid:pk>/remove/", membership_views.remove, name="remove"),
    path("<slug:slug>/absence/", absence_views.absence, name="absence"),
    path("<slug:slug>/absence/<int:pk>/end/", absence_views.end, name="end-absence"),
    path("<slug:slug>/primary/", primary_change_views.start, name="primary"),
    path("<slug:slug>/primary/agree/", primary_change_views.agree, name="agree"),
    path("<slug:slug>/primary/stop/", primary_change_views.stop, name="stop"),
    path("<slug:slug>/review/", access_review_views.review, name="review"),
    path("<slug:slug>/review/start/", access_review_views.start, name="start-review"),
    path("<slug:slug>/review/finish/", access_review_views.finish, name="finish-review"),
    path("<slug:slug>/review/<int:pk>/", access_review_views.decide, name="decide"),
]
