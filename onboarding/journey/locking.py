"""A worker alone with its step: what is made for a step that is queued twice is made once.

What is made is in polling/portal.py and polling/azure_key_vault.py.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from onboarding.journey.models import StepRecord


@contextmanager
def step_lock(record: StepRecord) -> Iterator[None]:
    """A transaction that no other worker shares: a step that is queued twice is still made once."""
    with transaction.atomic():
        StepRecord.objects.select_for_update().get(pk=record.pk)
        yield
