"""Addresses of a company and its people.

`/companies/<slug>/...`; starting an onboarding is the journey's business and is named there.
"""

from django.urls import path

from onboarding.people import views

app_name = "people"

urlpatterns = [
    path("add/", views.add_company, name="add-company"),
    path("<slug:slug>/team/", views.team, name="team"),
]
