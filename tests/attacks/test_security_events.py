"""Nobody signs in, guesses, is refused or takes a secret without a line in the security log; no line says too much.

ASVS 5.0, V16. What docs/operations.md says about the lines is compared in tests/house/test_security_events.py.
"""

import json
import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.utils import timezone

from certs import vault
from certs.models import SharedSecret
from onboarding.journey.models import Evidence, Onboarding
from onboarding.people.models import User
from onboarding.people.welcome_links import make_welcome_link
from tests.attacks.links import BOTH, token_in, use
from tests.attacks.security_log import AGAIN, AT, CODE, LOGIN, NEW, WRONG, Log, log, says, sign_in
from tests.handover.test_secret_sharing import API_KEY, API_SECRET, handed
from tests.journey.step_actions import bring_to, step_action, upload
from tests.journey.test_secret_downloads import built
from tests.people.totp_app import code_of, key_on, password, set_up
from tests.people_fixtures import PASSWORD, People, client_of, fresh_client_of
from tests.time_travel import travel
from tests.workers import send_mails

__all__ = ["handed", "log"]  # fixtures

COMMITTING = pytest.mark.django_db(transaction=True)  # such lines are written when it is certain


def test_nobody_signs_in_or_out_unseen(people: People, log: Log) -> None:
    client = sign_in(people.alice)
    line = log.one("signed_in")
    says(line, "success", people.alice, where=AT, detail="password", page="account_login")
    client.post("/accounts/logout/")
    out = log.one("signed_out")
    says(out, "success", people.alice, where=AT)
    assert re.fullmatch(r"[0-9a-f]{32}", line["request"])
    assert line["request"] != out["request"]


def test_a_wrong_password_is_seen_with_the_account_and_without_what_was_typed(
    people: People, log: Log
) -> None:
    sign_in(people.alice, WRONG)
    says(log.one("sign_in_failed"), "failure", people.alice, where=AT)
    assert WRONG not in log.written.getvalue()
    assert people.alice.email not in log.written.getvalue()


def test_what_is_typed_and_is_no_account_is_not_written_at_all(people: People, log: Log) -> None:
    typed = "canary-my-password-in-the-wrong-box@one.example"
    Client().post(LOGIN, {"login": typed, "password": WRONG})
    says(log.one("sign_in_failed"), "failure", None)
    assert "canary" not in log.written.getvalue()


def test_guessing_is_seen_when_it_is_stopped(people: People, log: Log) -> None:
    for _ in range(6):
        sign_in(people.alice, WRONG)
    says(log.one("rate_limited"), "refused", people.alice, where=AT, detail="password:place")
    assert len(log.events("sign_in_failed")) == 5


def test_a_limit_of_requests_is_seen(people: People, log: Log) -> None:
    for _ in range(21):
        last = Client(REMOTE_ADDR=AT).post("/accounts/password/reset/", {"email": "nobody@one.example"})
    assert last.status_code == 429
    says(log.events("rate_limited")[-1], "refused", None, detail="429", page="account_reset_password")


def test_the_second_question_is_seen(people: People, log: Log) -> None:
    _, key, _ = set_up(people.alice)
    log.forget()
    client, _ = password(people.alice)
    assert log.events("signed_in") == []
    client.post(CODE, {"code": "000000"})
    says(log.one("second_factor_failed"), "failure", people.alice, detail="code")
    client.post(CODE, {"code": code_of(key)})
    says(log.one("signed_in"), "success", people.alice, detail="password totp")
    assert code_of(key) not in log.written.getvalue()


def test_a_wrong_passkey_is_seen(people: People, log: Log) -> None:
    for credential in ("{}", "no JSON at all", json.dumps({"response": {"userHandle": "AAAA"}})):
        log.forget()
        Client(REMOTE_ADDR=AT).post("/accounts/2fa/webauthn/login/", {"credential": credential})
        says(log.one("sign_in_failed"), "failure", None, where=AT, detail="webauthn")


def test_showing_again_who_one_is_is_seen(people: People, log: Log) -> None:
    client = sign_in(people.alice)
    client.post(AGAIN, {"password": WRONG})
    says(log.one("reauthentication_failed"), "failure", people.alice, detail="password")
    client.post(AGAIN, {"password": PASSWORD})
    says(log.one("reauthenticated"), "success", people.alice, detail="password")
    assert log.events("sign_in_failed") == []


@COMMITTING
def test_a_factor_that_comes_or_goes_is_seen(people: People, log: Log) -> None:
    client = fresh_client_of(people.alice)
    key = key_on(client.get("/accounts/2fa/totp/activate/").text)
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(key)})
    assert [line["detail"] for line in log.events("factor_added")] == ["totp", "recovery_codes"]
    client.post("/accounts/2fa/recovery-codes/generate/")
    assert log.events("factor_added")[-1]["detail"] == "recovery_codes"
    client.post("/accounts/2fa/totp/deactivate/")
    for line in (*log.events("factor_added"), *log.events("factor_removed")):
        says(line, "success", people.alice)
    assert "totp" in [line["detail"] for line in log.events("factor_removed")]
    assert key not in log.written.getvalue()


def test_a_changed_password_is_seen(people: People, log: Log) -> None:
    client = sign_in(people.alice)
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    says(log.one("password_changed"), "success", people.alice)
    assert NEW not in log.written.getvalue()


def test_a_first_password_that_is_set_by_the_welcome_link_is_seen(people: People, log: Log) -> None:
    nora = User.objects.create_user("nora@one.example", None, name="Nora New")
    link = urlsplit(make_welcome_link(nora)).path
    browser = Client(REMOTE_ADDR=AT)
    browser.get(link)
    browser.post("/accounts/welcome/", {"name": "Nora New", **BOTH})
    says(log.one("password_reset"), "success", nora, where=AT)
    says(log.one("signed_in"), "success", nora, where=AT, detail="password")
    assert token_in(link) not in log.written.getvalue()


def test_a_password_that_is_reset_by_email_is_seen_and_its_link_is_not_written(
    people: People, log: Log
) -> None:
    client = Client(REMOTE_ADDR=AT)
    client.post("/accounts/password/reset/", {"email": people.alice.email})
    send_mails()
    link = re.search(r"/accounts/password/reset/key/(\S+)/", mail.outbox[-1].body)
    assert link
    _, page = use(link[0], client)
    client.post(page.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    says(log.one("password_reset"), "success", people.alice, where=AT)
    assert link[1] not in log.written.getvalue()


def test_whoever_is_known_and_not_allowed_is_seen(people: People, onboarding: Onboarding, log: Log) -> None:
    assert fresh_client_of(people.rhea).get(f"/onboardings/{onboarding.code}/download/").status_code == 403
    line = log.one("access_refused")
    says(line, "refused", people.rhea, detail="403", page="journey:bundle", onboarding=str(onboarding.pk))
    assert line["company"] == str(people.one.pk)


def test_a_stranger_at_what_exists_is_seen_and_at_what_does_not_exist_not(
    people: People, onboarding: Onboarding, handed: Any, log: Log
) -> None:
    stranger = client_of(people.charlie)
    session = UserSession.objects.create(user=people.bob, ip=AT, session_key="k" * 32)
    known = [
        (f"/companies/{people.one.slug}/", people.one.pk, None),
        (f"/companies/{people.one.slug}/team/", people.one.pk, None),
        (f"/onboardings/{onboarding.code}/", people.one.pk, onboarding.pk),
        (f"/onboardings/{onboarding.code.lower()}/csr/", people.one.pk, onboarding.pk),
        (f"/handovers/{handed.pk}/", people.one.pk, onboarding.pk),
        (f"/ops/companies/{people.one.slug}/", people.one.pk, None),
        ("/ops/", None, None),
    ]
    for path, company, case in known:
        log.forget()
        assert stranger.get(path).status_code == 404, path
        line = log.one("access_refused")
        says(line, "refused", people.charlie, detail="404", company=company and str(company))
        assert line["onboarding"] == (str(case) if case else None)
    log.forget()
    assert stranger.post(f"/accounts/sessions/{session.pk}/end/").status_code == 404
    log.one("access_refused")
    log.forget()
    for path in (f"/handovers/{uuid4()}/", "/companies/none/", "/onboardings/AAAA-2222/", "/nowhere/"):
        assert stranger.get(path).status_code == 404
        assert Client().get(path).status_code in (302, 404)
    assert log.lines == []


def test_a_form_without_its_safety_token_is_seen(people: People, log: Log) -> None:
    client = Client(enforce_csrf_checks=True, REMOTE_ADDR=AT)
    client.force_login(people.alice)
    log.forget()
    assert client.post("/accounts/logout/").status_code == 403
    says(log.one("csrf_refused"), "refused", people.alice, where=AT, page="account_logout")


@COMMITTING
def test_no_secret_is_shown_or_downloaded_unseen(people: People, onboarding: Onboarding, log: Log) -> None:
    built(onboarding, people)
    bob = fresh_client_of(people.bob)
    log.forget()
    shown = bob.post(f"/onboardings/{onboarding.code}/show-credentials/")
    loaded = bob.post(f"/onboardings/{onboarding.code}/download/", {"format": "passwordless"})
    assert (shown.status_code, loaded.status_code) == (200, 200)
    for name, page in (("secret_shown", "journey:credentials"), ("secret_downloaded", "journey:bundle")):
        line = log.one(name)
        says(line, "success", people.bob, page=page, onboarding=str(onboarding.pk))
        assert line["company"] == str(people.one.pk)


@COMMITTING
def test_no_secret_is_passed_on_or_opened_unseen(people: People, handed: Any, log: Log) -> None:
    day = timezone.localdate() + timedelta(days=7)
    form = {"source": "api-credentials", "api_key": API_KEY, "api_secret": API_SECRET}
    until = {"until_day": day.day, "until_month": day.month, "until_year": day.year}
    given = client_of(people.bob).post(f"/handovers/{handed.pk}/secrets/", {**form, **until})
    assert given.status_code == 302, given.text
    says(log.one("secret_shared"), "success", people.bob, onboarding=str(handed.onboarding_id))
    tess = fresh_client_of(people.tess)
    link = f"/handovers/{handed.pk}/secrets/{SharedSecret.objects.get().pk}/"
    assert tess.post(link).status_code == 200
    says(log.one("secret_opened"), "success", people.tess, onboarding=str(handed.onboarding_id))
    assert API_SECRET not in log.written.getvalue()
    assert API_KEY not in log.written.getvalue()


@COMMITTING
def test_no_file_of_evidence_is_opened_unseen(people: People, onboarding: Onboarding, log: Log) -> None:
    wait = step_action("identity-profile", waits=True)
    bring_to(onboarding, people, wait)
    file = upload("canary-name.txt", b"canary-content")
    client_of(people.alice).post(wait.path(onboarding), {**wait.filled(), "evidence_file": file})
    log.forget()
    page = f"/onboardings/{onboarding.code}/evidence/{Evidence.objects.latest('pk').pk}/"
    assert client_of(people.rhea).get(page).content == b"canary-content"
    says(log.one("evidence_opened"), "success", people.rhea, onboarding=str(onboarding.pk), detail=None)
    assert "canary" not in log.written.getvalue()


@pytest.mark.parametrize(
    ("address", "of"),
    [
        ("companies/list.csv", "companies"),
        ("certificates/list.csv", "certificates"),
        ("activity/list.csv", "activity"),
        ("activity/list.jsonl", "activity"),
    ],
)
def test_no_whole_list_is_fetched_unseen(people: People, log: Log, address: str, of: str) -> None:
    olga = client_of(people.olga)
    log.forget()
    assert olga.get(f"/ops/{address}").status_code == 200
    says(log.one("list_exported"), "success", people.olga, detail=of)
    client_of(people.alice).get(f"/ops/{address}")
    assert len(log.events("list_exported")) == 1


def test_a_secret_that_does_not_open_is_seen(people: People, log: Log) -> None:
    company, record = people.one.pk, UUID(int=7)
    kept = vault.seal(purpose="api-secret", company_id=company, record_id=record, plaintext=b"canary")
    kept.ciphertext = bytes(kept.ciphertext or b"")[:-1] + b"x"
    with pytest.raises(vault.VaultError):
        vault.open_secret(kept)
    says(log.one("vault_failed"), "failure", None, company=str(company), detail="api-secret", where=None)
    assert "canary" not in log.written.getvalue()


def test_a_session_that_ends_by_itself_is_seen(people: People, log: Log) -> None:
    client = sign_in(people.alice)
    with travel(timezone.now() + timedelta(minutes=61), machine=True):
        assert client.get("/").status_code == 302
    says(log.one("session_ended"), "success", people.alice, detail="idle", where=AT)
    assert log.events("signed_out") == []
