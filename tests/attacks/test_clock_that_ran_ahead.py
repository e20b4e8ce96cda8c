"""A clock that ran ahead and was set right: nothing sleeps for as long as it was wrong, and silence is not health.

Real processes on such a clock are in tests/faults/test_wrong_clock.py.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from celery.beat import ScheduleEntry
from celery.schedules import maybe_schedule
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from atlas.sandbox.server import Sandbox
from certs import chain_completion, signing
from certs.models import Certificate, SigningIntent, SigningRequest
from config.celery import app
from onboarding.dashboards.tasks import clear_sessions
from onboarding.journey import progress
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.outcomes import NotYet
from onboarding.journey.polling import tasks
from onboarding.notifications import sending
from onboarding.notifications.models import OutboxEmail
from tests.attacks.broken_rows import without_rules
from tests.certs.atlas_customer import Customer
from tests.certs.conftest import accepted, at_atlas, atlas, case, company, own_request
from tests.certs.signing_steps import planned
from tests.house.checkout import ROOT
from tests.people_fixtures import People, step
from tests.time_travel import travel
from tests.workers import claim_rows, eager_workers

__all__ = ["at_atlas", "atlas", "case", "company", "eager_workers", "own_request"]
AHEAD = timedelta(days=3)
HOUR = timedelta(hours=1)


@pytest.fixture
def waiting(people: People, onboarding: Onboarding, settings: Any) -> StepRecord:
    """A step that a worker looks after; nobody answers at the other end."""
    addresses = {"account_api_url": "https://127.0.0.1:9/account/v1"}
    settings.PORTAL = settings.PORTAL.model_copy(update=addresses)
    StepRecord.objects.filter(onboarding=onboarding, slug="verification").update(state="waiting")
    return step(onboarding, "verification")


def sleeps(record: StepRecord, pause: timedelta) -> None:
    StepRecord.objects.filter(pk=record.pk).update(next_check_at=timezone.now() + pause)


def test_no_step_sleeps_for_as_long_as_the_clock_was_wrong(waiting: StepRecord) -> None:
    sleeps(waiting, AHEAD)
    assert claim_rows() == [waiting.pk]
    assert claim_rows() == []


def test_no_honest_pause_is_cut_short(waiting: StepRecord) -> None:
    for pause in (timedelta(seconds=30), timedelta(minutes=20), HOUR):
        sleeps(waiting, pause)
        assert claim_rows() == [], pause


def test_no_retry_after_makes_a_step_sleep_beyond_the_bound(waiting: StepRecord) -> None:
    progress.settle(waiting, NotYet(timedelta(days=1)), witness="atlas")
    after = step(waiting.onboarding, "verification")
    assert after.next_check_at is not None
    assert after.next_check_at <= timezone.now() + HOUR
    assert claim_rows() == []


def test_no_email_sleeps_for_as_long_as_the_clock_was_wrong(people: People) -> None:
    ahead = timezone.now() + AHEAD
    for number, delivery in enumerate(("queued", "sending")):
        OutboxEmail.objects.create(key=f"{number}", to=people.alice, delivery=delivery, next_try_at=ahead)
    found = sending.find_due_emails()
    assert len(found) == 2
    assert [sending.send_email(pk) for pk in found] == [True, True]


def test_no_honest_retry_of_an_email_is_cut_short(people: People) -> None:
    longest = timedelta(minutes=2 ** (sending.MAX_ATTEMPTS - 1))
    OutboxEmail.objects.create(key="1", to=people.alice, next_try_at=timezone.now() + longest)
    assert sending.find_due_emails() == []


def test_no_order_is_held_by_a_claim_from_a_wrong_clock(
    own_request: SigningRequest, at_atlas: Customer, atlas: Sandbox
) -> None:
    intent = planned(own_request, at_atlas)
    SigningIntent.objects.filter(pk=intent.pk).update(claimed_until=timezone.now() + AHEAD)
    assert signing.order(at_atlas.api, intent.pk).status == SigningIntent.Status.ORDERED


@pytest.mark.parametrize("tries", [1, 5, 13])
def test_no_search_for_issuers_sleeps_for_as_long_as_the_clock_was_wrong(
    own_request: SigningRequest, tries: int
) -> None:
    certificate = accepted(own_request)
    honest = timezone.now() + chain_completion.FIRST_PAUSE * 2 ** (tries - 1)
    row = Certificate.objects.filter(pk=certificate.pk)
    row.update(chain_searched_at=None, chain_searches=tries, chain_next_search_at=honest)
    assert list(chain_completion.due_certificates()) == []
    row.update(chain_next_search_at=honest + AHEAD)
    assert list(chain_completion.due_certificates()) == [certificate]


@pytest.mark.parametrize("name", ["dashboards.clear_sessions", "journey.destroy_expired_secrets"])
def test_no_job_waits_until_a_wrong_clocks_date_comes(db: None, name: str) -> None:
    from onboarding.periodic import jobs
    from onboarding.periodic.models import PeriodicJob

    now = timezone.now()
    PeriodicJob.objects.create(name=name, asked_at=now + AHEAD, finished_at=now + AHEAD)
    assert jobs.claim_job(name)
    assert not jobs.claim_job(name)


def test_nobody_is_signed_out_because_a_workers_clock_ran_ahead(people: People, client: Client) -> None:
    client.force_login(people.alice)
    used = Session.objects.get()
    over = Session.objects.create(session_key="over", expire_date=timezone.now() - HOUR)
    now = timezone.now()
    with travel(now + AHEAD, machine=True), travel(now):  # the machine is wrong, the database is right
        clear_sessions()
    assert list(Session.objects.all()) == [used]
    assert over != used


def test_beat_carries_no_schedule_over_its_end_and_no_daily_job(settings: Any) -> None:
    """A schedule file of a wrong clock kept beat silent; a daily job needed a beat that lives for a day."""
    assert settings.CELERY_BEAT_SCHEDULER == "celery.beat:Scheduler"
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["schedule"].run_every <= timedelta(seconds=15)


def test_a_clock_that_is_set_back_does_not_silence_a_running_beat(settings: Any) -> None:
    """Not even for a moment: beat measures its pauses by a clock that nobody sets."""
    asked = {each["task"]: each["schedule"] for each in settings.CELERY_BEAT_SCHEDULE.values()}
    schedule = maybe_schedule(asked["notifications.send_due"], app=app)
    with travel(timezone.now() + AHEAD, machine=True):
        entry = ScheduleEntry("x", "notifications.send_due", schedule=schedule, app=app)
    assert entry.is_due()[1] <= 15


def _health(address: str) -> int:
    environment = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "docker/health.py", "beat"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    return done.returncode


@pytest.mark.django_db(transaction=True)
def test_a_beat_that_asks_nothing_is_not_called_healthy(transactional_db: None) -> None:
    from onboarding.periodic import jobs
    from onboarding.periodic.models import PeriodicJob

    address = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{connection.settings_dict['NAME']}"
    assert _health(address) == 1  # it never asked
    jobs.record_request()
    assert _health(address) == 0
    for wrong in (timedelta(minutes=-2), AHEAD):
        PeriodicJob.objects.update(asked_at=timezone.now() + wrong)
        assert _health(address) == 1, wrong


def test_looking_for_what_is_due_does_not_read_every_row(waiting: StepRecord) -> None:
    """Two ranges of the index of due times, however many steps there are."""
    without_rules("journey_steprecord")
    many = [
        StepRecord(onboarding=waiting.onboarding, slug=f"n{number}", next_check_at=timezone.now() + HOUR / 2)
        for number in range(5000)
    ]
    StepRecord.objects.bulk_create(many)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE journey_steprecord")
    plan = StepRecord.objects.due(timezone.now()).explain()
    assert "due_steps" in plan, plan
    assert "Seq Scan on journey_steprecord" not in plan, plan


def test_what_was_asked_for_by_a_wrong_clock_is_looked_at(waiting: StepRecord, eager_workers: None) -> None:
    sleeps(waiting, AHEAD)
    assert tasks.poll_due_steps() == 1
    after = step(waiting.onboarding, "verification")
    assert (after.poll_count, tasks.poll_due_steps()) == (1, 0)
