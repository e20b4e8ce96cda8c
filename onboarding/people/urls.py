"""Addresses of a company and its people.

`/companies/<slug>/...`; starting an onboarding is the journey's business and is named there.
"""

from django.urls import path

from onboarding.people import absence_views, emergency_views, team_views, views

app_name = "people"

urlpatterns = [
    path("add/", views.add_company, name="add-company"),
    path("<slug:slug>/team/", team_views.team, name="team"),
    path("<slug:slug>/team/invite/", team_views.invite, name="invite"),
    path("<slug:slug>/invitations/<uuid:pk>/resend/", team_views.resend, name="resend"),
    path("<slug:slug>/invitations/<uuid:pk>/withdraw/", team_views.withdraw, name="withdraw"),
    path("<slug:slug>/emergency/", emergency_views.emergencies, name="emergencies"),
    path("<slug:slug>/emergency/ask/", emergency_views.ask, name="ask-emergency"),
    path("<slug:slug>/emergency/<uuid:pk>/agree/", emergency_views.agree, name="agree-emergency"),
    path("<slug:slug>/emergency/<uuid:pk>/stop/", emergency_views.stop, name="stop-emergency"),
    path("<slug:slug>/secrets/", team_views.keep, name="retention"),
    path("<slug:slug>/absence/", absence_views.absence, name="absence"),
    path("<slug:slug>/absence/<int:pk>/end/", absence_views.end, name="end-absence"),
]
