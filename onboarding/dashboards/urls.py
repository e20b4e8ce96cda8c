"""Addresses of the reading rooms: your tasks, a company's page, the ops board, machine checks.

Nothing is written behind them, except starting an onboarding, which is the journey's view.
"""

from django.urls import path

from onboarding.dashboards import certificate_views, health, starting, task_views, views
from onboarding.dashboards.activity import views as activity_views
from onboarding.dashboards.board import list_views
from onboarding.dashboards.board import views as board_views
from onboarding.journey.views import start
from onboarding.people import emergency_views
from onboarding.questions import views as question_views

app_name = "dashboards"

urlpatterns = [
    path("", task_views.tasks, name="tasks"),
    path("tasks/<str:section>/", task_views.task_list, name="task-list"),
    path("companies/<slug:slug>/", views.company, name="company"),
    path("companies/<slug:slug>/certificates/", certificate_views.certificates, name="certificates"),
    path("companies/<slug:slug>/certificates.ics", certificate_views.calendar, name="calendar"),
    path("companies/<slug:slug>/start/", start.start, name="start"),
    path("companies/<slug:slug>/start/production/", starting.confirm_production, name="start-production"),
    path("ops/", board_views.board, name="board"),
    path("ops/health/", board_views.system_health, name="system-health"),
    path("ops/certificates/", list_views.certificates, name="expiring"),
    path("ops/certificates/list.csv", list_views.certificates_file, name="expiring-file"),
    path("ops/emails/", list_views.emails, name="emails"),
    path("ops/activity/", activity_views.activity, name="activity"),
    path("ops/activity/list.csv", activity_views.activity_csv, name="activity-csv"),
    path("ops/activity/list.jsonl", activity_views.activity_json, name="activity-json"),
    path("ops/activity/week/", activity_views.one_week, name="week"),
    path("ops/questions/", question_views.every, name="questions"),
    path("ops/emergencies/", emergency_views.every, name="emergencies"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
