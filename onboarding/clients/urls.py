"""Addresses of the clients of somebody who works for several companies.

One client's own pages are the journey's.
"""

from django.urls import path

from onboarding.clients import views

app_name = "clients"

urlpatterns = [
    path("", views.clients, name="clients"),
    path("clients.csv", views.export, name="export"),
]
