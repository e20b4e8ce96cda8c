"""The Celery application.

What beat asks for is in schedule.py.
"""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import worker_before_create_process, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["onboarding.journey.polling"])  # no app of its own


@worker_init.connect
def demand_vault_keys(**_: Any) -> None:
    """A worker that could not open what it needs does not start."""
    from certs.vault_maintenance import require_keys  # models can be imported only when Django is set up

    require_keys()


@worker_before_create_process.connect
def share_memory(**_: Any) -> None:
    """What is loaded is not looked at by the garbage collector any more, in parent or child.

    It writes to every object that it looks at, and memory that is written to is no longer shared between processes.
    """
    gc.collect()
    gc.freeze()
