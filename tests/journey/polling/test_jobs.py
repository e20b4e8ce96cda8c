"""What workers do besides looking at Atlas: remind of what is late or ends soon, destroy what is past its time.

Claiming and looking are tested in test_races.py, test_walk_with_api.py and test_atlas_errors.py.
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from certs import certificate, clock, credentials, csr, vault
from certs.credentials import Credentials
from certs.models import Certificate, Secret
from config.celery import app
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.journey import progress
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.polling import expired_secrets, tasks
from onboarding.notifications.models import OutboxEmail
from tests.attacks.broken_rows import without_rules
from tests.certs.test_aia import Publisher, publisher
from tests.certs.test_chain_completion import naming_its_issuer
from tests.certs.x509_factories import csr_pem, intermediate, pem_of
from tests.databases import on_postgresql
from tests.journey.step_actions import API_KEY, API_SECRET, bring_to, perform, step_action
from tests.people_fixtures import People, step
from tests.rules.marker import rule
from tests.time_travel import travel

__all__ = ["publisher"]


def _told(kind: str) -> list[str]:
    found = OutboxEmail.objects.filter(key__startswith=f"{kind}:").select_related("to")
    return sorted(message.to.name.split()[0] for message in found)


def _credential(onboarding: Onboarding) -> None:
    credentials.store(onboarding.company_id, onboarding.pk, Credentials(API_KEY, API_SECRET), "dip")


def _living() -> int:
    return Secret.objects.filter(destroyed_at=None).count()


def test_a_late_wait_is_told_once_and_again_when_it_waits_anew(
    people: People, onboarding: Onboarding
) -> None:
    record = bring_to(onboarding, people, step_action("verification", waits=True))
    assert tasks.remind_late() == 0
    assert record.due_at is not None
    with travel(record.due_at + timedelta(seconds=1)):
        assert tasks.remind_late() in (1, 2)  # of the open CSR step too, if weekends let it be its usual time
        assert tasks.remind_late() == 0
        assert _told("late") == ["Alice", "Bob"]
        progress.report_problem(step(onboarding, "verification"), actor=people.bob, code="vetting-late")
        assert tasks.remind_late() == 0
        progress.reopen(step(onboarding, "verification"), actor=people.bob)
    with travel(clock.now() + timedelta(hours=150)):
        tasks.remind_late()
    assert _told("late") == ["Alice", "Alice", "Bob", "Bob"]


@on_postgresql
def test_one_row_that_fails_does_not_stop_the_others(
    people: People, onboarding: Onboarding, caplog: pytest.LogCaptureFixture
) -> None:
    past = clock.now() - timedelta(hours=1)
    without_rules("journey_steprecord")
    for slug in ("no-such-step", "verification"):
        StepRecord.objects.update_or_create(
            onboarding=onboarding,
            slug=slug,
            defaults={"state": "waiting", "due_at": past, "next_reminder_at": past},
        )
    tasks.remind_late()
    assert _told("late") == ["Alice", "Bob"]
    assert "failed" in caplog.text


@pytest.fixture
def finished(people: People, onboarding: Onboarding) -> Onboarding:
    """An onboarding at its end, with its certificate."""
    bring_to(onboarding, people, step_action("dip-upload"))
    perform(onboarding, people, step_action("dip-upload"))
    onboarding.refresh_from_db()
    return onboarding


@rule("T25")
def test_an_ending_certificate_is_told_twice(people: People, finished: Onboarding) -> None:
    end = Certificate.objects.get().not_after
    told = []
    for days in (91, 89, 88, 31, 29, 1):
        with travel(end - timedelta(days=days)):
            tasks.remind_expiring()
        told.append(len(_told("expiring")))
    assert told == [0, 2, 2, 2, 4, 4]
    with travel(end + timedelta(days=1)):
        tasks.remind_expiring()
    assert _told("expiring") == ["Alice", "Alice", "Bob", "Bob"]


@rule("T9")
def test_the_secrets_of_a_finished_onboarding_are_destroyed_when_its_company_wants_it(
    people: People, finished: Onboarding
) -> None:
    assert finished.destroy_secrets_at is not None
    assert _living() == 2
    with travel(finished.destroy_secrets_at - timedelta(minutes=1)):
        assert tasks.destroy_expired_secrets() == 0
    with travel(finished.destroy_secrets_at + timedelta(minutes=1)):
        assert (tasks.destroy_expired_secrets(), tasks.destroy_expired_secrets()) == (1, 0)
    assert _living() == 0
    assert Event.objects.filter(name=EventName.SECRETS_DESTROYED).get().data["count"] == 2
    assert _told("destroyed") == ["Alice", "Bob"]


def test_the_secrets_of_a_withdrawn_onboarding_are_destroyed_at_once(
    people: People, onboarding: Onboarding
) -> None:
    _credential(onboarding)
    progress.withdraw(onboarding, actor=people.alice, reason="we left the market")
    assert expired_secrets.destroy_expired_secrets() == 1
    assert _living() == 0


def test_a_secret_that_a_slow_worker_stores_after_the_end_is_destroyed_too(
    people: People, onboarding: Onboarding
) -> None:
    progress.withdraw(onboarding, actor=people.alice, reason="we left the market")
    expired_secrets.destroy_expired_secrets()
    _credential(onboarding)
    assert expired_secrets.destroy_expired_secrets() == 1
    assert _living() == 0


def test_the_secrets_of_other_onboardings_stay(people: People, onboarding: Onboarding) -> None:
    other = progress.start(people.two, environment="uit", actor=people.charlie)
    _credential(onboarding)
    _credential(other)
    vault.seal(purpose="pfx", company_id=uuid4(), record_id=uuid4(), plaintext=b"of nobody here")
    progress.withdraw(onboarding, actor=people.alice, reason="we left the market")
    expired_secrets.destroy_expired_secrets()
    assert _living() == 3


def test_beat_and_the_schedule_ask_only_for_tasks_that_exist(settings: Any, db: None) -> None:
    app.loader.import_default_modules()
    wanted = {entry["task"] for entry in app.conf.beat_schedule.values()} | set(settings.PERIODIC_JOBS)
    assert wanted <= set(app.tasks)
    assert {"journey.poll_due_steps", "journey.destroy_expired_secrets", "notifications.send_due"} <= wanted


def test_missing_issuers_are_sought_once(finished: Onboarding) -> None:
    Certificate.objects.update(chain_searched_at=None)
    assert (tasks.complete_chains(), tasks.complete_chains()) == (1, 0)


def test_missing_issuers_whose_address_is_busy_are_sought_again_later(
    settings: Any, db: None, publisher: Publisher
) -> None:
    settings.PORTAL = settings.PORTAL.model_copy(update={"aia_hosts": (publisher.host,)})
    brought = pem_of(naming_its_issuer(publisher.serve("/issuer.crt", b"", 503)))
    request = csr.accept(uuid4(), uuid4(), csr_pem())
    certificate.accept(request.company_id, request.case_id, brought, request)
    assert (tasks.complete_chains(), tasks.complete_chains()) == (1, 0)
    publisher.serve("/issuer.crt", pem_of(intermediate().certificate))
    with travel(clock.now() + timedelta(seconds=61)):
        assert (tasks.complete_chains(), tasks.complete_chains()) == (1, 0)
    assert Certificate.objects.get().chain_pem == intermediate().pem
    assert publisher.asked == ["/issuer.crt", "/issuer.crt"]
