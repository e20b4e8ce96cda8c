"""The Celery application and what beat asks for.

Time and truth live in the database: beat only asks "what is due?", never carries a due time itself.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
