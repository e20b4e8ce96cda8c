"""Addresses of the companies for ops, under `/ops/companies/`."""

from django.urls import path

from onboarding.ops import list_views, views

app_name = "ops"

urlpatterns = [
    path("", list_views.companies, name="companies"),
    path("list.csv", list_views.export, name="export"),
    path("views/save/", list_views.save_view, name="save-view"),
    path("views/<int:pk>/delete/", list_views.delete_view, name="delete-view"),
    path("<slug:slug>/", views.company, name="company"),
    path("<slug:slug>/note/", views.note, name="note"),
    path("<slug:slug>/call/", views.call, name="call"),
    path("<slug:slug>/hold/", views.hold, name="hold"),
    path("<slug:slug>/hold/end/", views.end_hold, name="end-hold"),
    path("<slug:slug>/archive/", views.archive, name="archive"),
    path("<slug:slug>/restore/", views.restore, name="restore"),
    path("<slug:slug>/welcome/", views.resend_welcome, name="resend-welcome"),
]
