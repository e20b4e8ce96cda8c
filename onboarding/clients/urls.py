"""Addresses of the clients of somebody who works for several companies.

One client's own pages are the journey's.
"""

from django.urls import path

from onboarding.clients import bulk_views, views
from onboarding.clients.bulk_steps import CSRS, PFXS

app_name = "clients"

urlpatterns = [
    path("", views.clients, name="clients"),
    path("clients.csv", views.export, name="export"),
    path("csr/", bulk_views.bulk, {"work": CSRS}, name="csr"),
    path("csr/script/<str:shell>/", bulk_views.script, {"work": CSRS}, name="csr-script"),
    path("csr/upload/", bulk_views.upload, {"work": CSRS}, name="csr-upload"),
    path("csr/assign/", bulk_views.assign, name="csr-assign"),
    path("certificates.zip", bulk_views.certificates, name="certificates"),
    path("pfx/", bulk_views.bulk, {"work": PFXS}, name="pfx"),
    path("pfx/script/<str:shell>/", bulk_views.script, {"work": PFXS}, name="pfx-script"),
    path("pfx/upload/", bulk_views.upload, {"work": PFXS}, name="pfx-upload"),
]
