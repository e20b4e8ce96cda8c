"""Which jobs are due, and that each is asked for once: beat forgets everything when it ends, so the table remembers.

Which jobs there are and how often is in config/schedule.py.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.conf import settings

from certs import clock
from certs.due import SLACK
from onboarding.periodic.models import PeriodicJob

ASK_FOR_JOBS = "periodic.ask_for_jobs"
LATE_AFTER = timedelta(minutes=1)  # a schedule that has not asked for so long is down
RETRY_AFTER = timedelta(
    minutes=3
)  # longer than a task may run: a job that has not ended by then died, and is asked for again
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class Rhythm(NamedTuple):
    """A job is due once in each `every`, counted from midnight UTC plus `after`."""

    every: timedelta
    after: timedelta = timedelta(0)

    def last_occasion(self, now: datetime) -> datetime:
        """The latest moment at which it fell due."""
        return now - (now - EPOCH - self.after) % self.every


def record_request() -> None:
    """The schedule has asked just now."""
    PeriodicJob.objects.update_or_create(name=ASK_FOR_JOBS, defaults={"asked_at": clock.now()})


def record_end(name: str) -> None:
    """The job has ended well just now; names that are on no schedule are passed over."""
    if name == ASK_FOR_JOBS or name in settings.PERIODIC_JOBS:
        PeriodicJob.objects.filter(name=name).update(finished_at=clock.now())


def claim_job(name: str) -> bool:
    """Whether this caller is to have the job done now. Of two callers one is, also when two schedules ask."""
    job, _ = PeriodicJob.objects.get_or_create(name=name)
    now = clock.now()
    if not _is_due(job, now):
        return False
    return bool(PeriodicJob.objects.filter(name=name, asked_at=job.asked_at).update(asked_at=now))


def _is_due(job: PeriodicJob, now: datetime) -> bool:
    if job.asked_at is None or job.asked_at > now + SLACK:  # by a clock that ran ahead
        return True
    if _is_unfinished(job):
        return now - job.asked_at >= RETRY_AFTER
    return job.asked_at < _rhythm(job).last_occasion(now)


def _rhythm(job: PeriodicJob) -> Rhythm:
    return Rhythm(*settings.PERIODIC_JOBS[job.name])


def _is_unfinished(job: PeriodicJob) -> bool:
    return job.asked_at is not None and (job.finished_at is None or job.finished_at < job.asked_at)


def get_schedule_row() -> PeriodicJob:
    """The schedule's own row: when beat last asked, and when a worker last answered. Empty if it never did."""
    return PeriodicJob.objects.filter(name=ASK_FOR_JOBS).first() or PeriodicJob(name=ASK_FOR_JOBS)


def read_schedule(now: datetime) -> tuple[PeriodicJob, list[PeriodicJob]]:
    """The schedule's own row, and the jobs that are overdue: one query."""
    rows = {job.name: job for job in PeriodicJob.objects.order_by("name")}
    known = [job for name, job in rows.items() if name in settings.PERIODIC_JOBS]
    return rows.get(ASK_FOR_JOBS) or PeriodicJob(name=ASK_FOR_JOBS), _list_overdue(known, now)


def is_late(moment: datetime | None, now: datetime) -> bool:
    """Whether beat's last question, or its last answer, is too old. One that lies ahead was another clock's."""
    return moment is None or not -SLACK <= now - moment <= LATE_AFTER


def _list_overdue(jobs: Iterable[PeriodicJob], now: datetime) -> list[PeriodicJob]:
    """Jobs that were asked for and have not ended well for their time and RETRY_AFTER."""
    return [job for job in jobs if _is_unfinished(job) and not _ended_lately(job, now)]


def _ended_lately(job: PeriodicJob, now: datetime) -> bool:
    return job.finished_at is not None and now - job.finished_at < _rhythm(job).every + RETRY_AFTER
