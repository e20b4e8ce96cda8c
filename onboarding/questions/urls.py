"""Addresses of questions, under `/onboardings/<code>/`; the list of all companies' is `/ops/questions/`."""

from django.urls import path

import onboarding.journey.urls  # noqa: F401  registers the path converters
from onboarding.questions import views

app_name = "questions"

urlpatterns = [
    path("<code:code>/<step:slug>/question/", views.ask, name="ask"),
    path("<code:code>/questions/<uuid:pk>/", views.question, name="question"),
    path("<code:code>/questions/<uuid:pk>/further/", views.ask_further, name="ask-further"),
    path("<code:code>/questions/<uuid:pk>/answer/", views.answer, name="answer"),
    path("<code:code>/questions/<uuid:pk>/close/", views.close, name="close"),
]
