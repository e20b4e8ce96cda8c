"""Which job is due, that two schedules ask for it once, and that what did not end is asked for again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from config.celery import app
from onboarding.periodic import jobs, tasks
from onboarding.periodic.models import PeriodicJob
from tests.concurrency import race
from tests.time_travel import travel
from tests.workers import eager_workers

__all__ = ["eager_workers"]
DAILY, HOURLY = "dashboards.clear_sessions", "journey.destroy_expired_secrets"
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def _done(name: str, at: datetime) -> None:
    with travel(at):
        assert jobs.claim_job(name), at
        jobs.record_end(name)


def _is_due(name: str, at: datetime) -> bool:
    with travel(at):
        return jobs.claim_job(name)


def test_a_job_that_was_never_done_is_due_at_once(db: None) -> None:
    assert _is_due(DAILY, NOON)


def test_a_daily_job_is_due_at_its_hour_and_once_a_day(db: None) -> None:
    _done(DAILY, NOON)
    assert not _is_due(DAILY, NOON + 14 * HOUR)
    _done(DAILY, NOON + 15 * HOUR + MINUTE)
    assert not _is_due(DAILY, NOON + 36 * HOUR)
    assert _is_due(DAILY, NOON + 10 * 24 * HOUR)  # nobody asked for days


def test_an_hourly_job_is_due_once_an_hour_although_no_beat_lives_that_long(db: None) -> None:
    done = 0
    for minutes in range(0, 180, 7):
        with travel(NOON + minutes * MINUTE):
            if jobs.claim_job(HOURLY):
                done += 1
                jobs.record_end(HOURLY)
    assert done == 3


def test_a_job_that_did_not_end_is_asked_for_again_after_some_minutes(db: None) -> None:
    assert _is_due(DAILY, NOON)
    assert not _is_due(DAILY, NOON + jobs.RETRY_AFTER - MINUTE)
    assert _is_due(DAILY, NOON + jobs.RETRY_AFTER + MINUTE)


@pytest.mark.django_db(transaction=True)
def test_of_two_schedules_that_ask_at_once_each_job_is_done_once(transactional_db: None) -> None:
    for _ in range(20):
        PeriodicJob.objects.all().delete()
        assert sorted(race(partial(jobs.claim_job, DAILY), partial(jobs.claim_job, DAILY))) == [False, True]


def test_a_worker_does_what_is_due_and_notes_its_end(
    settings: Any, eager_workers: None, transactional_db: None
) -> None:
    app.loader.import_default_modules()
    assert tasks.ask_for_jobs.delay().get() == len(settings.PERIODIC_JOBS)
    assert tasks.ask_for_jobs() == 0
    rows = PeriodicJob.objects.filter(name__in=settings.PERIODIC_JOBS)
    assert rows.count() == len(settings.PERIODIC_JOBS)
    assert not rows.filter(finished_at=None).exists()


def test_what_is_on_no_schedule_is_not_noted(db: None) -> None:
    jobs.record_end("journey.poll_step")
    assert PeriodicJob.objects.count() == 0
