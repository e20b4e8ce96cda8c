"""What Celery tells: that beat has handed a question over, that a job ended well.

The rows are written in jobs.py.
"""

from typing import Any

from celery.signals import after_task_publish, task_success
from django.db import close_old_connections

from onboarding.periodic import jobs


@after_task_publish.connect(sender=jobs.ASK_FOR_JOBS)
def record_published_request(**_: Any) -> None:
    """In the process that asked: beat. It lives long, so a line that the database cut is not kept."""
    close_old_connections()
    jobs.record_request()


@task_success.connect
def record_finished_job(sender: Any, **_: Any) -> None:
    """In the worker that did it."""
    jobs.record_end(sender.name)
