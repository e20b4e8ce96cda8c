"""Unique strings are planted as secrets through a whole journey with all its mishaps, and then looked for everywhere.

Everywhere: every column of every table, sessions, what Redis holds, logs, letters, temporary files, and every page that
anybody saw.
"""

import base64
import logging
import tempfile
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings as django_settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.forms import ChoiceField, FileField
from redis import Redis

from atlas.sandbox.server import Sandbox
from certs import vault
from certs.models import SigningRequest
from certs.pfx_encryption import PfxEncryption, build
from onboarding.journey import progress
from onboarding.journey.forms.base import ConfirmForm
from onboarding.journey.models import StepRecord
from onboarding.journey.polling import tasks
from onboarding.journey.steps import BY_SLUG
from onboarding.journey.views import form_recovery
from onboarding.notifications.models import OutboxEmail
from tests.certs import x509_factories
from tests.journey.form_client import sign_in_again, signed_out
from tests.journey.step_actions import upload
from tests.journey.storage_scan import places_of
from tests.journey.walk import (
    Walk,
    credentials_csv,
    fresh,
    register,
    walk_to_end,
    walk_to_identity_profile,
)
from tests.people_fixtures import PASSWORD, People
from tests.rules.marker import rule
from tests.workers import eager_workers

__all__ = ["eager_workers"]

PFX_PASSWORD = "canary-of-a-pfx-password"
OTHER_KEY, OTHER_SECRET = "CAFE0123CAFE4567", "c0ffee0123456789c0ffee0123456789c0ffee01"


@pytest.fixture
def walk(people: People, with_api: Sandbox, eager_workers: None) -> Walk:
    """Alice starts the onboarding."""
    onboarding = progress.start(people.one, environment="uit", actor=people.alice)
    return Walk(people, onboarding, "canary@one.example")


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that is said with LOG_LEVEL=DEBUG."""
    caplog.set_level(logging.DEBUG)
    for name in ("atlas", "django", "celery"):
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


def _key_pem() -> str:
    return x509_factories.key_pem(x509_factories.rsa_key()).decode()


def _own_key() -> bytes:
    der = x509_factories.rsa_key().private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return der[1200:1260]  # prime numbers that are in no certificate


def _mishaps_before_the_credentials(walk: Walk) -> None:
    """Secrets in wrong places, each refused; one with a session that has run out."""
    csr = {"way": "own", "csr_text": _key_pem()}
    walk.try_to("tess", walk.page("csr"), csr)
    walk.try_to(
        "tess", walk.page("csr"), {**csr, "csr_text": "", "csr_file": upload("a.csr", _key_pem().encode())}
    )
    walk.browser("tess").post(walk.page("csr"), {**csr, "action": "draft"})
    signed_out(walk.people.tess).post(walk.page("csr"), csr)
    walk.try_to("tess", f"{walk.page('csr')}problem/", {"code": "key-lost", "detail": OTHER_SECRET})


def _mishaps_with_the_credentials(walk: Walk, key: str, secret: str) -> None:
    page = walk.page("api-credentials")
    walk.try_to("bob", page, {"name": secret, "way": "paste", "api_key": key, "api_secret": secret})
    walk.try_to("bob", page, {"name": "dip", "way": "paste", "api_key": secret, "api_secret": key})
    walk.try_to(
        "bob", page, {"name": "dip", "way": "csv", "csv": upload("c.csv", f"{key}\n{secret[:-1]}".encode())}
    )
    walk.browser("bob").post(page, {"name": key, "way": "paste", "api_secret": secret, "action": "draft"})
    signed_out(walk.people.bob).post(
        page, {"name": "dip", "way": "paste", "api_key": key, "api_secret": secret}
    )
    stale = {"version": "1", "name": "dip", "way": "paste", "api_key": key, "api_secret": secret}
    walk.try_to("bob", page, stale)


def _mishaps_at_every_step(walk: Walk) -> None:
    """A secret in every box and file of every form, however the step stands: sent, and kept as a draft."""
    for slug, row in BY_SLUG.items():
        ways = [(way.sends, way.label) for way in row.ways if way.fields]
        for secret, form in zip(
            cycle((_key_pem(), OTHER_SECRET)), form_recovery.form_classes(slug), strict=False
        ):
            for action in ("send", "draft"):
                given: dict[str, Any] = {"action": action, "note": secret}
                for name, box in form.base_fields.items():
                    file = upload(f"{name}.bin", secret.encode()) if isinstance(box, FileField) else None
                    choices = list(getattr(box, "choices", ())) or ways
                    given[name] = choices[-1][0] if isinstance(box, ChoiceField) else file or secret
                verb = "confirm/" if issubclass(form, ConfirmForm) else ""
                answer = walk.browser("alice").post(f"{walk.page(slug)}{verb}", given)
                assert answer.status_code < 500, slug
                walk.pages.append((f"a mishap at {slug}", answer.content.decode(errors="replace")))
        walk.see("alice", walk.page(slug))


def _wrong_files(walk: Walk) -> None:
    """A PFX with a password, and one of another key, where the right one belongs; and in the page that checks files."""
    leaf, chain = x509_factories.leaf(), [x509_factories.intermediate().certificate]
    locked = build(x509_factories.rsa_key(), leaf, chain, PfxEncryption.AES256_PASSWORD, PFX_PASSWORD)
    for content in (locked, build(x509_factories.rsa_key(), leaf, chain)):
        walk.try_to("tess", walk.page("pfx"), {"way": "own", "pfx": upload("a.pfx", content)})
        answer = walk.browser("tess").post(
            "/check/", {"text": PFX_PASSWORD, "file": upload("a.pfx", content)}
        )
        walk.pages.append(("the page that checks files", answer.content.decode()))


def _in_files(folder: Path) -> list[tuple[str, str]]:
    """What lies in the folder for temporary files, as text in which the search finds bytes too."""
    files = [each for each in folder.rglob("*") if each.is_file()]
    return [(str(each), f"{each.read_bytes()!r} {each.read_bytes().hex()}") for each in files]


def _first_a_wrong_credential(walk: Walk) -> None:
    """Well formed and unknown to Atlas: taken, never found, sent back from the certificate."""
    csv = f"API Key,API Secret\n{OTHER_KEY},{OTHER_SECRET}\n".encode()
    walk.fill("bob", "api-credentials", {"name": "wrong", "way": "csv", "csv": upload("c.csv", csv)})
    walk.until("csr", "done")
    tasks.poll_due_steps()
    sent = walk.browser("bob").post(
        f"{walk.page('certificate')}send-back/", {"to": "api-credentials", "reason": "the wrong credential"}
    )
    assert sent.status_code == 302


def _everything_leaves_the_vault(walk: Walk) -> tuple[list[str], list[bytes]]:
    """Show and download all there is. Returns the passwords shown, and what was downloaded."""
    base, browser = f"/onboardings/{walk.onboarding.code}", fresh(walk, "bob")
    sign_in_again(browser, f"{base}/show-credentials/")
    assert browser.post(f"{base}/show-credentials/").status_code == 200
    passwords, files = [], []
    for encryption in ("passwordless", "pem"):
        files.append(browser.post(f"{base}/download/", {"format": encryption}).content)
    for encryption in ("aes256-password", "three-des-password"):
        shown = browser.post(f"{base}/download/", {"format": encryption}).context
        passwords.append(shown["password"])
        sent = browser.post(f"{base}/download/", {"format": "prepared", "grant": shown["grant"]})
        files.append(sent.content)
    return passwords, files


@rule("T7", "T8")
def test_no_secret_is_anywhere_but_in_the_vault(
    walk: Walk,
    with_api: Sandbox,
    logged: pytest.LogCaptureFixture,
    mailoutbox: list[Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    _mishaps_at_every_step(walk)
    register(walk)
    walk_to_identity_profile(walk)
    _mishaps_before_the_credentials(walk)
    walk.fill("tess", "csr", {"way": "portal"})
    walk.until("verification", "done")
    _first_a_wrong_credential(walk)
    key, secret, csv = credentials_csv(walk)
    _mishaps_with_the_credentials(walk, key, secret)
    walk.fill("bob", "api-credentials", {"name": "dip", "way": "csv", "csv": upload("c.csv", csv)})
    walk.until("certificate", "done")
    _wrong_files(walk)
    walk.fill("tess", "pfx", {"way": "portal"})
    walk.until("proof", "done")
    passwords, files = _everything_leaves_the_vault(walk)
    walk_to_end(walk)
    _mishaps_at_every_step(walk)
    made = SigningRequest.objects.get().key
    assert made is not None
    private = vault.open_secret(made)[1200:1260]
    planted: list[Any] = [
        key, secret, OTHER_SECRET, OTHER_KEY, private, _own_key(), *passwords, *(file[100:160] for file in files),
        PASSWORD, PFX_PASSWORD, with_api.account_token, django_settings.SECRET_KEY,
        dict(django_settings.PORTAL.vault_keys)["made-at-start"],
    ]  # fmt: skip
    said = [("the logs", logged.text)]
    sent = [("a letter", f"{mail.subject}\n{mail.body}\n{mail.alternatives}") for mail in mailoutbox]
    assert len(said[0][1]) > 5_000
    assert len(sent) > 5
    assert len(walk.pages) > 30
    assert places_of(*planted, more=[*said, *sent, *walk.pages, *_in_files(tmp_path)]) == []
    _the_search_finds_what_is_there(walk, key)


def _the_search_finds_what_is_there(walk: Walk, key: str) -> None:
    """The same search, with the same secrets put where it must find them."""
    with_key = OutboxEmail.objects.all()[0]
    with_key.text = f"your key is {key.lower()}"
    with_key.save()
    assert places_of(key) == ["notifications_outboxemail"]
    record = StepRecord.objects.filter(onboarding=walk.onboarding)[0]
    record.draft = {"a": base64.b64encode(f"x{key}x".encode()).decode()}
    record.save()
    assert places_of(key) == ["journey_steprecord", "notifications_outboxemail"]
    store = SessionStore(Session.objects.all()[0].session_key)
    store["typed"] = key
    store.save()
    redis: Redis = Redis.from_url(django_settings.PORTAL.redis_url)
    redis.set("canary", key)
    try:
        assert "a session" in places_of(key)
        assert "redis b'canary'" in places_of(key)
    finally:
        redis.delete("canary")


@pytest.mark.django_db(transaction=True)
def test_a_task_carries_ids_only(people: People, with_api: Sandbox) -> None:
    """What is put into Redis for the workers: a name and a number."""
    redis: Redis = Redis.from_url(django_settings.CELERY_BROKER_URL)
    onboarding = progress.start(people.one, environment="uit", actor=people.alice)
    waits = progress.Submission(answers={"email": "canary@one.example"}, waits=True)
    progress.submit(onboarding.steps.get(slug="register"), actor=people.alice, effect=lambda r: waits)
    before = redis.llen("celery")
    assert tasks.poll_due_steps() == 1
    assert redis.llen("celery") == before + 1
    queued: Any = redis.lpop("celery")  # the newest is on the left
    record = onboarding.steps.get(slug="register")
    assert f"[{record.pk}]" in base64.b64decode(queued.split(b'"body": "')[1].split(b'"')[0]).decode()
    assert b"canary" not in queued
