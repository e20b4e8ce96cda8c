"""Addresses of a company: adding and editing it, inviting to it, emergencies, retention.

`/companies/<slug>/...`; starting an onboarding is the journey's business and is named there.
"""

from django.urls import path

from onboarding.people import company_views, emergency_views, views

app_name = "people"

urlpatterns = [
    path("add/", views.add_company, name="add-company"),
    path("<slug:slug>/edit/", company_views.edit, name="edit-company"),
    path("<slug:slug>/primary/address/", company_views.correct_address, name="correct-address"),
    path("<slug:slug>/team/invite/", views.invite, name="invite"),
    path("<slug:slug>/invitations/<uuid:pk>/resend/", views.resend, name="resend"),
    path("<slug:slug>/invitations/<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<slug:slug>/emergency/", emergency_views.emergencies, name="emergencies"),
    path("<slug:slug>/emergency/ask/", emergency_views.ask, name="ask-emergency"),
    path("<slug:slug>/emergency/<uuid:pk>/agree/", emergency_views.agree, name="agree-emergency"),
    path("<slug:slug>/emergency/<uuid:pk>/stop/", emergency_views.stop, name="stop-emergency"),
    path("<slug:slug>/secrets/", views.choose_retention, name="retention"),
]
