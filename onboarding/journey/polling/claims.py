"""Who polls which due rows: a batch of them is claimed, fairly between companies, in one SELECT and one UPDATE.

What is asked for a claimed row is in batches.py and jobs.py; when it is due again in schedule.py.
"""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from certs import clock
from onboarding.journey.models import StepRecord
from onboarding.journey.polling import pollers
from onboarding.journey.polling.intervals import LEASE, PUBLISH_LEASE
from onboarding.journey.querysets import StepRecordQuerySet

BATCH = 200  # rows
SHARE = 20  # rows of one company in a batch, while others have rows that are due
# What the pollers of a batch, and writing what comes of them, go by. A thread that polls asks no database for more.
READ = (
    "slug", "state", "version", "submitted_at", "polled_at", "poll_count", "poll_queued", "unfinished_polls",
    "last_poll_result", "onboarding__company__name", "onboarding__company__number",
)  # fmt: skip


def claim_due(now: datetime | None = None) -> list[StepRecord]:
    """A batch of rows that are due at `now`, each claimed: of two callers one gets it.

    Two kinds come back. What only asks Atlas is polled by the caller, together: its poll has begun, and counts as
    unfinished. What has a task of its own is `poll_queued`: the portal's own work, which takes long, and every row
    whose last poll ended with its worker, so that it takes no others with it. Should that task get lost, the row is due
    again after PUBLISH_LEASE; after LEASE, should the caller die.
    """
    with (
        transaction.atomic()
    ):  # rows that another caller is claiming are passed over; on SQLite callers take turns
        due = StepRecord.objects.due(now or clock.now()).for_polls().only(*READ)
        claimed = _take_fairly(due.select_for_update(of=("self",), skip_locked=True))
        for record in claimed:
            record.poll_queued = bool(record.unfinished_polls) or not pollers.only_asks(record)
        alone, together = ([r.pk for r in claimed if r.poll_queued is queued] for queued in (True, False))
        _lend(alone, PUBLISH_LEASE, poll_queued=True)
        _lend(together, LEASE, poll_queued=False, unfinished_polls=1)  # none was unfinished
    return claimed


def _lend(keys: list[int], lease: timedelta, **more: Any) -> None:
    if keys:
        StepRecord.objects.filter(pk__in=keys).update(next_check_at=clock.now() + lease, **more)


def _take_fairly(due: StepRecordQuerySet) -> list[StepRecord]:
    """The oldest, but of each company SHARE at most, unless all others are served.

    One query, unless a company has more than its share among what was found; then one more, without such companies.
    """
    taken: list[StepRecord] = []
    spare: list[StepRecord] = []
    count: Counter[UUID] = Counter()
    while len(taken) < BATCH:
        full = [company for company, rows in count.items() if rows >= SHARE]
        seen = [record.pk for record in taken]
        more = due.exclude(onboarding__company__in=full).exclude(pk__in=seen) if seen else due
        found = more[:BATCH].read_for_polls()
        for record in found:
            company = record.onboarding.company_id
            (taken if count[company] < SHARE else spare).append(record)
            count[company] += 1
        if len(found) < BATCH:
            break
    return (taken + spare)[:BATCH]
