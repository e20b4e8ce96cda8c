"""Claims: a crash, or a broker that forgets, holds up few rows for about a minute; nothing is done twice for it.

Rows that kill their worker are in test_poisoned_rows.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from celery.signals import before_task_publish
from django.core import mail
from django.utils import timezone

from atlas.sandbox.server import Sandbox
from certs import credentials, csr, signing
from certs.credentials import Credentials
from certs.models import ApiCredential, SigningIntent
from onboarding.journey import case_files
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.polling import jobs, tasks
from onboarding.notifications import sending
from onboarding.notifications.models import OutboxEmail
from tests.atlas_fixtures import with_account_api
from tests.certs.atlas_customer import Customer
from tests.certs.conftest import at_atlas, atlas
from tests.certs.x509_factories import csr_pem
from tests.concurrency import race
from tests.journey.polling.many_rows import make_waiting
from tests.journey.step_actions import API_KEY, API_SECRET
from tests.people_fixtures import People, step
from tests.time_travel import travel
from tests.workers import claim_rows

__all__ = ["at_atlas", "atlas"]
MINUTE = timedelta(minutes=1)


def _due_rows(count: int) -> list[int]:
    """So many companies whose certificate is to be ordered: each is polled by a task of its own."""
    return make_waiting(count, slug="certificate")


class WorkerDies(BaseException):
    """As a SIGKILL does, it ends the task wherever it is."""


@pytest.fixture
def dies_at_the_third() -> Iterator[None]:
    """Whoever hands a third look to the broker ends there."""
    handed: list[str] = []

    def die(**_: object) -> None:
        handed.append("look")
        if len(handed) == 3:
            raise WorkerDies

    before_task_publish.connect(die, sender="journey.poll_step", weak=False)
    yield
    before_task_publish.disconnect(die, sender="journey.poll_step")


def test_what_a_crash_between_claim_and_fan_out_leaves_behind_is_back_within_a_minute(
    db: None, dies_at_the_third: None
) -> None:
    rows = _due_rows(50)
    with pytest.raises(WorkerDies):
        tasks.poll_due_steps()
    with travel(timezone.now() + MINUTE + timedelta(seconds=1), machine=True):
        assert claim_rows() == rows
        assert claim_rows() == []


def test_rows_whose_tasks_a_wiped_broker_forgot_do_not_sleep_for_long(db: None) -> None:
    (row,) = _due_rows(1)
    assert claim_rows() == [row]
    assert claim_rows() == []
    with travel(timezone.now() + MINUTE + timedelta(seconds=1), machine=True):
        assert claim_rows() == [row]


@pytest.mark.django_db(transaction=True)
def test_a_row_that_is_queued_twice_is_not_looked_at_twice(transactional_db: None) -> None:
    rows = _due_rows(10)
    assert claim_rows() == rows
    for row in rows:
        race(partial(tasks.poll_step, row), partial(tasks.poll_step, row))
        assert StepRecord.objects.get(pk=row).poll_count == 1
    assert tasks.poll_step(rows[0]) is False
    assert StepRecord.objects.get(pk=rows[0]).poll_count == 1


def test_the_certificates_step_does_not_say_that_atlas_signs_what_is_not_ordered(
    people: People, onboarding: Onboarding, at_atlas: Customer, atlas: Sandbox, settings: Any
) -> None:
    settings.PORTAL = with_account_api(settings.PORTAL, atlas.account_url, atlas)
    rows = StepRecord.objects.filter(onboarding=onboarding)
    rows.filter(slug="register").update(state="done", facts={"account_id": at_atlas.account_id})
    rows.filter(slug="certificate").update(state="waiting", next_check_at=timezone.now())
    made = credentials.store(onboarding.company_id, onboarding.pk, Credentials(API_KEY, API_SECRET), "dip")
    ids = [at_atlas.credential.api_credential_id]
    ApiCredential.objects.filter(pk=made.pk).update(atlas_id=ids[0])
    request = csr.accept(onboarding.company_id, onboarding.pk, csr_pem())
    rows.filter(slug="api-credentials").update(state="done", facts={"credential_id": str(made.pk)})
    rows.filter(slug="csr").update(state="done", facts=case_files.csr_facts(request))
    intent = signing.plan(request, at_atlas.account_id, ids)
    busy = SigningIntent.objects.filter(pk=intent.pk)
    busy.update(claimed_until=timezone.now() + 2 * MINUTE)  # by a worker that was killed before it ordered
    for status, said in (("planned", "about to order"), ("unknown", "has not confirmed the order")):
        busy.update(status=status)
        assert jobs.poll_step(step(onboarding, "certificate").pk) is False
        seen = step(onboarding, "certificate").last_poll_result
        assert said in seen
        assert "is signing" not in seen
    assert at_atlas.ordered(request.public_key_sha256) == 0
    busy.update(claimed_until=None)
    jobs.poll_step(step(onboarding, "certificate").pk)
    after = step(onboarding, "certificate")
    assert after.state == "done" or "is signing" in after.last_poll_result


def test_two_copies_of_an_email_do_not_look_like_two_emails(people: People, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Certificate onboarding <no-reply@portal.example>"
    for key in ("one", "two"):
        OutboxEmail.objects.create(key=key, to=people.alice, subject=key, next_try_at=timezone.now())
    for _ in range(2):
        for pk in sending.find_due_emails():
            assert sending.send_email(pk)
        # SIGKILL between the mail server's 250 and the row's SENT, and the lease's end
        OutboxEmail.objects.update(delivery="sending", next_try_at=timezone.now(), sent_at=None)
    ids = [(sent.subject, sent.message()["Message-ID"]) for sent in mail.outbox]
    assert len(ids) == 4
    assert len(set(ids)) == 2
    assert all(re.fullmatch(r"<[0-9a-f]{40}@portal\.example>", each) for _, each in ids)
