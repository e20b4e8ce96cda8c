"""Workers of the tests: tasks run in this process, at once, through the same doors as in a worker.

What the tasks do is in the rooms; their own tests call them.
"""

from collections.abc import Iterator

import pytest

from config.celery import app
from onboarding.journey.polling import claims
from onboarding.notifications import sending


@pytest.fixture
def eager_workers() -> Iterator[None]:
    """`task.delay()` runs the task at once; what it raises stays in the task, as in a worker."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def claim_rows() -> list[int]:
    """Ids of the rows that a worker claims now, in order: of rows due at one moment any may come first."""
    return sorted(record.pk for record in claims.claim_due())


def send_mails() -> None:
    """What the worker does with the outbox when it is asked next."""
    for pk in sending.find_due_emails():
        sending.send_email(pk)
