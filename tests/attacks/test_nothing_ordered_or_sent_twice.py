"""Neither a certificate nor a registration nor an identity profile leaves twice, whatever is killed, lost or put back.

Atlas is the local one over TLS; the worker that dies is a process of its own, and SIGKILL is what ends it.
"""

import os
import signal
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection, transaction

from atlas.account_types import Contact, NewRegistration
from atlas.sandbox.faults import InjectedFault
from atlas.sandbox.server import Sandbox
from certs.models import SigningIntent
from onboarding.journey import case_files, progress
from onboarding.journey.models import Onboarding, StepRecord
from onboarding.journey.polling import jobs
from onboarding.journey.polling.client import get_account_api
from tests.atlas_fixtures import atlas, with_api, without_api
from tests.journey.step_actions import csr, organisation, registration, upload
from tests.journey.walk import Walk, credentials_csv, register, walk_to_identity_profile
from tests.outside_calls import begin_test_transaction
from tests.people_fixtures import People, make_people, step
from tests.workers import eager_workers

__all__ = ["atlas", "eager_workers", "with_api", "without_api"]  # fixtures

ROOT = Path(__file__).resolve().parents[2]
A_DAY = 24 * 3600 + 60
_numbers = count(1)


@pytest.fixture
def people(transactional_db: None) -> People:
    return make_people()


@pytest.fixture
def onboarding(people: People) -> Onboarding:
    return progress.start(people.one, environment="uit", actor=people.alice)


@pytest.fixture
def email() -> str:
    return f"twice{next(_numbers)}@one.example"


@pytest.fixture
def a_day_later(with_api: Sandbox) -> Iterator[Callable[[], None]]:
    """Call it, and Atlas has let go of the answers that it keeps for a day."""

    def forget() -> None:
        with_api.clock_skew = A_DAY

    yield forget
    with_api.clock_skew = 0.0


def _submit(onboarding: Onboarding, slug: str, answers: dict[str, Any], people: People) -> None:
    sent = progress.Submission(answers=answers, waits=True)
    progress.submit(step(onboarding, slug), actor=people.alice, effect=lambda _: sent)


def _look(onboarding: Onboarding, slug: str) -> StepRecord:
    jobs.poll_step(step(onboarding, slug).pk)
    return step(onboarding, slug)


def _look_in_a_database_that_is_put_back(onboarding: Onboarding, slug: str) -> None:
    """Everything that the look wrote is gone again, as in yesterday's backup; what Atlas did stays done."""
    with begin_test_transaction():
        jobs.poll_step(step(onboarding, slug).pk)
        transaction.set_rollback(True)
    assert step(onboarding, slug).state == "waiting"


LOSSES = ["the answer is lost", "the database is put back"]


def _lose(how: str, atlas: Sandbox, onboarding: Onboarding, slug: str) -> None:
    if how == LOSSES[0]:
        atlas.faults.add(InjectedFault("drop-after", "account", method="POST"))
        assert _look(onboarding, slug).state == "waiting"
        atlas.faults.clear()
    else:
        _look_in_a_database_that_is_put_back(onboarding, slug)


@pytest.mark.parametrize("how", LOSSES)
def test_no_second_account_is_registered_when_the_first_answer_is_gone_and_a_day_has_passed(
    how, people, onboarding, with_api, email, a_day_later
) -> None:
    _submit(onboarding, "register", registration(email), people)
    _lose(how, with_api, onboarding, "register")
    a_day_later()
    record = _look(onboarding, "register")
    accounts = [each.account_id for each in get_account_api().find_accounts(email)]
    assert (record.state, len(accounts)) == ("done", 1)
    assert record.facts["account_id"] == accounts[0]


@pytest.mark.usefixtures("eager_workers")
@pytest.mark.parametrize("how", LOSSES)
def test_no_second_identity_profile_is_sent_when_the_first_answer_is_gone_and_a_day_has_passed(
    how, people, onboarding, with_api, email, a_day_later
) -> None:
    walk = Walk(people, onboarding, email)
    register(walk)
    _to_the_tile(walk)
    _submit(onboarding, "identity-profile", organisation(email), people)
    _lose(how, with_api, onboarding, "identity-profile")
    a_day_later()
    record = _look(onboarding, "identity-profile")
    profiles = [each.identity_profile_id for each in get_account_api().identity_profiles(walk.account)]
    assert (record.state, len(profiles)) == ("done", 1)
    assert record.facts["identity_profile_id"] == profiles[0]


def _to_the_tile(walk: Walk) -> None:
    walk.until("invitation", "open")
    get_account_api().accept_invitation(walk.account, "a password for Atlas")
    walk.until("invitation", "done")
    get_account_api().set_payment_method(walk.account)
    walk.until("quote", "open")
    get_account_api().accept_quote(walk.account)
    walk.until("identity-profile", "open")


def test_nothing_is_sent_beside_an_account_that_may_be_the_same(people, onboarding, with_api, email) -> None:
    """Somebody typed another job title by hand: a person decides, and until then nothing leaves."""
    typed = registration(email)
    contact = Contact(typed["name"], "Head of something else", email, typed["phone"])
    get_account_api().register(NewRegistration(people.one.name, contact, people.one.number), f"hand-{email}")
    _submit(onboarding, "register", typed, people)
    record = _look(onboarding, "register")
    assert len(get_account_api().find_accounts(email)) == 1
    assert record.state == "problem"


DIES_BETWEEN_THE_COMMITS = """
import os, signal, sys, time
import django
django.setup()
from django.db import connection
from onboarding.journey.polling import jobs

kept = []

def watch(execute, sql, params, many, context):
    if kept and "journey_onboarding" in sql:  # the certificate is kept and committed, the step is still to be settled
        os.kill(os.getpid(), signal.SIGKILL)
    answer = execute(sql, params, many, context)
    if sql.startswith("UPDATE") and "certs_signingintent" in sql and "collected" in str(params).lower():
        kept.append(sql)
    return answer

with connection.execute_wrapper(watch):
    for _ in range(100):
        jobs.poll_step(int(sys.argv[1]))
        time.sleep(0.05)
"""


def _worker_that_dies(record: StepRecord, atlas: Sandbox) -> int:
    """A worker process looks at the step and is killed; what it ended with."""
    address = urlsplit(os.environ["DATABASE_URL"])
    name, key = settings.PORTAL.vault_keys[0]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PORTAL_MODE": "test",
        "DATABASE_URL": urlunsplit(address._replace(path=f"/{connection.settings_dict['NAME']}")),
        "VAULT_KEYS": f"{name}:{b64encode(key).decode()}",
        "HVCA_URL": atlas.url,
        "HVCA_ROOT": str(atlas.root_path),
        "ACCOUNT_API_URL": atlas.account_url,
        "ACCOUNT_API_TOKEN": atlas.account_token,
        "ACCOUNT_API_ROOT": str(atlas.root_path),
        "POLL_SPEED": "1000",
    }
    command = [sys.executable, "-c", DIES_BETWEEN_THE_COMMITS, str(record.pk)]
    return subprocess.run(command, cwd=ROOT, env=environment, timeout=60, check=False).returncode


@pytest.mark.usefixtures("eager_workers")
@pytest.mark.parametrize(
    "behind", [False, True], ids=["a list that is true", "a list that lags one look behind"]
)
def test_no_second_certificate_is_ordered_when_a_worker_is_killed_between_keeping_it_and_the_step(
    behind, people, onboarding, with_api, email
) -> None:
    walk = Walk(people, onboarding, email)
    register(walk)
    walk_to_identity_profile(walk)
    walk.fill("tess", "csr", {"way": "own", "csr_text": csr().decode()})
    walk.until("verification", "done")
    _, _, csv = credentials_csv(walk)
    walk.fill("bob", "api-credentials", {"name": "dip_onboarding", "way": "csv", "csv": upload("c.csv", csv)})
    died = _worker_that_dies(step(onboarding, "certificate"), with_api)
    assert died == -signal.SIGKILL, step(onboarding, "certificate").last_poll_result
    assert [intent.status for intent in SigningIntent.objects.all()] == ["collected"]
    assert step(onboarding, "certificate").state == "waiting"
    if behind:
        path = f"/accounts/{walk.account}"
        with_api.faults.add(InjectedFault("list-behind", "account", path_prefix=path))
    walk.until("certificate", "done")
    with_api.faults.clear()
    key = case_files.require_signing_request(onboarding).public_key_sha256
    listed = get_account_api().mtls_certificates(walk.account)
    assert sum(entry.public_key_sha256 == key for entry in listed) == 1
    assert SigningIntent.objects.count() == 1
