"""The whole journey where the portal knows Atlas's account API: people press, workers look, nobody types a status.

The journey by hand is in test_walk_without_api.py, the search for secrets in test_canary.py.
"""

import logging
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from atlas.account_types import Contact, NewRegistration
from atlas.sandbox.server import Sandbox
from certs import clock
from certs.models import ApiCredential, Bundle, Certificate, Secret, SigningRequest
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from onboarding.journey import progress, projection
from onboarding.journey.polling import expired_secrets
from onboarding.journey.polling.client import get_account_api
from onboarding.notifications.models import OutboxEmail
from tests.journey.form_client import sentences_of, sign_in, sign_in_again
from tests.journey.step_actions import organisation
from tests.journey.walk import Walk, register, walk_to_end, walk_to_identity_profile, walk_to_proof
from tests.people_fixtures import People, record_roles, step
from tests.rules.marker import rule
from tests.time_travel import travel
from tests.workers import eager_workers

__all__ = ["eager_workers"]

pytestmark = pytest.mark.django_db(transaction=True)


class _OpenTransactions(logging.Handler):
    """Notes each call to Atlas that was made while a transaction was open."""

    def __init__(self) -> None:
        super().__init__()
        self.calls, self.inside = 0, list[str]()

    def emit(self, record: logging.LogRecord) -> None:
        self.calls += 1
        if connection.in_atomic_block:
            self.inside.append(record.getMessage())


@pytest.fixture
def calls() -> Iterator[_OpenTransactions]:
    """Every call to Atlas, as its log tells it."""
    handler, logger = _OpenTransactions(), logging.getLogger("atlas")
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)


@pytest.fixture
def walk(people: People, with_api: Sandbox, eager_workers: None) -> Walk:
    """Bob starts the onboarding."""
    record_roles(people)
    onboarding = progress.start(people.one, environment="uit", actor=people.bob)
    return Walk(people, onboarding, "with-api@one.example")


def test_the_whole_journey_with_the_account_api(
    walk: Walk, calls: _OpenTransactions, tmp_path: Path, mailoutbox: list[Any]
) -> None:
    register(walk)
    walk_to_identity_profile(walk)
    key, secret = walk_to_proof(walk)
    assert calls.calls > 10
    assert calls.inside == []
    _the_secrets_can_be_fetched(walk, tmp_path, key, secret)
    walk_to_end(walk)
    walk.onboarding.refresh_from_db()
    assert walk.onboarding.status == "completed"
    assert projection.list_differences() == []
    _the_artefacts_belong_together()
    for record in walk.onboarding.steps.all():
        assert set(record.facts) <= {fact.name for fact in record.definition.facts}
    _the_letters_are_sent(mailoutbox)
    _the_secrets_are_destroyed_in_time(walk)
    said = StringIO()
    call_command("audit_check", stdout=said)
    assert "every chain is whole" in said.getvalue()
    call_command("check_projection", stdout=StringIO())


def _the_secrets_can_be_fetched(walk: Walk, folder: Path, key: str, secret: str) -> None:
    base = f"/onboardings/{walk.onboarding.code}"
    browser = sign_in(walk.people.bob)
    sign_in_again(browser, f"{base}/show-credentials/")
    shown = browser.post(f"{base}/show-credentials/")
    assert shown.status_code == 200
    assert key in shown.content.decode()
    assert secret in shown.content.decode()
    twice = browser.post(f"{base}/show-credentials/")
    assert twice.status_code == 409
    assert "It was shown already" in sentences_of(twice)
    sent = browser.post(f"{base}/download/", {"format": "passwordless"})
    name = f"apicert-{walk.onboarding.code.lower()}.pfx"
    assert sent["Content-Disposition"] == f'attachment; filename="{name}"'
    file = folder / "apicert.pfx"
    file.write_bytes(sent.content)
    opened = _openssl(file, "pass:")
    assert "BEGIN PRIVATE KEY" in opened
    assert opened.count("BEGIN CERTIFICATE") >= 2
    pem = browser.post(f"{base}/download/", {"format": "pem"}).content.decode()
    assert "PRIVATE KEY-----" in pem
    for encryption in ("aes256-password", "three-des-password"):
        _with_a_password(browser, f"{base}/download/", encryption, folder)
    assert browser.post(f"{base}/download/", {"format": "zip"}).status_code == 400


def _with_a_password(browser: Any, page: str, encryption: str, folder: Path) -> None:
    made = browser.post(page, {"format": encryption})
    assert made.status_code == 200
    context = made.context
    file = folder / f"{encryption}.pfx"
    got = browser.post(page, {"format": "prepared", "grant": context["grant"]})
    file.write_bytes(got.content)
    assert "BEGIN PRIVATE KEY" in _openssl(file, f"pass:{context['password']}")
    assert browser.post(page, {"format": "prepared", "grant": context["grant"]}).status_code == 409
    assert browser.post(page, {"format": "prepared", "grant": "nonsense"}).status_code == 409


def _openssl(file: Path, password: str) -> str:
    command = ["openssl", "pkcs12", "-in", str(file), "-passin", password, "-nodes"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _the_artefacts_belong_together() -> None:
    request, certificate = SigningRequest.objects.get(), Certificate.objects.get()
    assert certificate.signing_request == request
    assert request.origin == "portal"
    credential = ApiCredential.objects.get()
    assert credential.atlas_id
    bundle = Bundle.objects.get(encryption="passwordless")
    assert bundle.secret is not None
    assert bundle.certificate == certificate


def _the_letters_are_sent(mailoutbox: list[Any]) -> None:
    assert set(OutboxEmail.objects.values_list("delivery", flat=True)) <= {"sent", "queued"}
    subjects = [mail.subject for mail in mailoutbox]
    assert any(subject.startswith("For you to do: Accept the Atlas invitation") for subject in subjects)
    told = OutboxEmail.objects.filter(key__startswith="secret-shown:").values_list("to__name", flat=True)
    assert set(told) == {"Alice Test"}  # Bob fetched them


def _the_secrets_are_destroyed_in_time(walk: Walk) -> None:
    onboarding = walk.onboarding
    assert expired_secrets.destroy_expired_secrets() == 0
    assert Secret.objects.filter(destroyed_at=None).count() >= 4
    with travel(clock.now() + timedelta(days=7, minutes=1)):
        assert expired_secrets.destroy_expired_secrets() == 1
        assert expired_secrets.destroy_expired_secrets() == 0
        assert not Secret.objects.filter(destroyed_at=None).exists()
        onboarding.refresh_from_db()
        assert onboarding.secrets_destroyed_at is not None
        browser, base = sign_in(walk.people.bob), f"/onboardings/{onboarding.code}"
        sign_in_again(browser, f"{base}/show-credentials/")
        for page, data in (("show-credentials", {}), ("download", {"format": "passwordless"})):
            gone = browser.post(f"{base}/{page}/", data)
            assert gone.status_code == 409
        assert browser.get(f"{base}/certificate.pem").status_code == 200  # fingerprints and certificates stay
    assert Event.objects.filter(name=EventName.SECRETS_DESTROYED).count() == 1
    assert OutboxEmail.objects.filter(key__startswith="destroyed:").count() == 2


@rule("R28", "R29")
def test_a_rejected_identity_profile_is_a_problem_that_can_be_mended(walk: Walk) -> None:
    walk.email = "rejected@one.example"
    register(walk)
    get_account_api().set_scenario(walk.account, "vetting-rejected")
    walk_to_identity_profile(walk)
    walk.until("verification", "problem")
    assert walk.try_to("bob", walk.page("api-credentials"), {"name": "dip"}).status_code == 409
    assert step(walk.onboarding, "api-credentials").state == "locked"
    page = walk.page("verification")
    assert "Try this step again" in sentences_of(walk.see("alice", page))
    sent = walk.browser("bob").post(
        f"{page}send-back/", {"to": "identity-profile", "reason": "a wrong street"}
    )
    assert sent["Location"] == walk.page("identity-profile")
    walk.fill("alice", "identity-profile", {**organisation(walk.email), "street_address": "2 Quay Street"})
    walk.until("identity-profile", "done")
    walk.until("verification", "done")
    assert step(walk.onboarding, "api-credentials").state == "open"
    assert projection.list_differences() == []


def test_whoever_makes_the_account_by_hand_is_found_by_address_and_name(walk: Walk, people: People) -> None:
    """Registered on GlobalSign's own page before the portal knew: the contact's address leads to the account."""
    walk.email = "by-hand@one.example"
    contact = Contact("Alice Test", "Head of Data", walk.email, "020 7946 0018")
    get_account_api().register(NewRegistration(people.one.name, contact, None), "by-hand")
    answers = progress.Submission(answers={"email": walk.email}, facts={"submitted_on": "2026-11-20"})
    record = walk.onboarding.steps.get(slug="register")
    progress.submit(record, actor=people.alice, effect=lambda r: answers)
    walk.until("invitation", "open")
    assert walk.onboarding.steps.get(slug="invitation").state == "open"
