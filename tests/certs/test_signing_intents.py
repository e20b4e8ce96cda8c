"""Intents of signing: only the one that is meant is found, closed, claimed or changed, and Atlas hears its names.

From intent to certificate is in test_signing.py; crashes are in test_signing_crashes.py.
"""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from atlas.errors import AtlasError, Rejected, Unreachable
from atlas.sandbox.server import Sandbox
from certs import clock, csr, signing
from certs.findings import InvalidArtifact
from certs.models import SigningIntent, SigningRequest
from tests.certs.atlas_customer import Customer, until
from tests.certs.signing_steps import Watched, collected, planned
from tests.certs.x509_factories import csr_pem, rsa_key

Status = SigningIntent.Status


@pytest.fixture
def watched(atlas: Sandbox) -> Watched:
    return Watched(atlas)


@pytest.fixture
def other(own_request: SigningRequest) -> SigningIntent:
    """An intent of another case and another key, which nothing in these tests may touch."""
    request = csr.accept(uuid4(), uuid4(), csr_pem(rsa_key("two")))
    return signing.plan(request, "another account", ["another credential"])


def _now(intent: SigningIntent) -> SigningIntent:
    return SigningIntent.objects.get(pk=intent.pk)


def _close(request: SigningRequest) -> None:
    signing.close_open(request.case_id, "not wanted")


def _untouched(intent: SigningIntent) -> bool:
    return SigningIntent.objects.filter(pk=intent.pk).values().get() == {
        name: value for name, value in vars(intent).items() if not name.startswith("_")
    }


def test_the_csrs_of_a_case_are_counted(own_request: SigningRequest) -> None:
    csr.accept(own_request.company_id, uuid4(), csr_pem(rsa_key("two")))
    assert signing.count_of(own_request.case_id) == 1
    csr.accept(own_request.company_id, own_request.case_id, csr_pem(rsa_key("two")))
    assert signing.count_of(own_request.case_id) == 2
    assert signing.count_of(uuid4()) == 0


def test_an_intent_holds_whose_it_is_and_what_is_wanted(own_request: SigningRequest) -> None:
    kept = _now(signing.plan(own_request, "an account", ["two", "one"], "a submission"))
    assert (kept.company_id, kept.case_id) == (own_request.company_id, own_request.case_id)
    assert (kept.signing_request, kept.public_key_sha256) == (own_request, own_request.public_key_sha256)
    assert (kept.account_id, kept.api_credential_ids) == ("an account", ["one", "two"])
    assert (kept.purpose, kept.submission, kept.status) == ("mtls", "a submission", Status.PLANNED)


def test_the_order_in_which_credentials_are_named_makes_no_other_intent(own_request: SigningRequest) -> None:
    intent = signing.plan(own_request, "an account", ["two", "one"])
    assert signing.plan(own_request, "an account", ["one", "two"]) == intent


@pytest.mark.parametrize("asked", [("an account", "another"), ("another", "a credential")])
def test_asked_for_with_another_credential_or_account_the_open_intent_is_closed(
    own_request: SigningRequest, other: SigningIntent, asked: tuple[str, str]
) -> None:
    first = signing.plan(own_request, "an account", ["a credential"], "one-submission")
    account, credential = asked
    second = signing.plan(own_request, account, [credential], "one-submission")
    assert (second.account_id, second.api_credential_ids) == (account, [credential])
    assert (second.signing_request, second.submission) == (own_request, "one-submission")
    assert (_now(first).status, _now(second).status) == (Status.REFUSED, Status.PLANNED)
    assert _now(first).detail == "asked for again, with another credential"
    assert _untouched(other)


def test_what_was_collected_without_a_submission_is_no_answer_to_a_new_plan(
    own_request: SigningRequest, at_atlas: Customer
) -> None:
    first = planned(own_request, at_atlas)
    collected(at_atlas, first)
    second = planned(own_request, at_atlas)
    assert second != first
    assert planned(own_request, at_atlas) == second  # the open one is found beside the closed one


def test_what_another_case_collected_under_the_same_name_is_no_answer(
    own_request: SigningRequest, at_atlas: Customer
) -> None:
    collected(at_atlas, planned(own_request, at_atlas, "one-submission"))
    request = csr.accept(own_request.company_id, uuid4(), csr_pem())
    assert planned(request, at_atlas, "one-submission").case_id == request.case_id


def test_an_open_intent_for_another_key_is_not_answered(
    own_request: SigningRequest, other: SigningIntent
) -> None:
    mine = signing.plan(own_request, "an account", ["a credential"])
    assert signing.plan(own_request, "an account", ["a credential"]) == mine


def test_planning_and_keeping_lock_the_csr(own_request: SigningRequest, at_atlas: Customer) -> None:
    """So that neither sees the other half done; test_signing.py lets them race."""

    def locks(asked: CaptureQueriesContext) -> list[str]:
        found = [each["sql"] for each in asked.captured_queries if "FOR UPDATE" in each["sql"]]
        return [sql for sql in found if "certs_signingrequest" in sql]

    with CaptureQueriesContext(connection) as asked:
        intent = planned(own_request, at_atlas)
    assert len(locks(asked)) == 1
    with CaptureQueriesContext(connection) as asked:
        collected(at_atlas, intent)
    assert len(locks(asked)) == 1


def test_closing_ends_the_open_intents_of_one_case(
    own_request: SigningRequest, at_atlas: Customer, other: SigningIntent
) -> None:
    done = planned(own_request, at_atlas)
    collected(at_atlas, done)
    open_one = planned(own_request, at_atlas)
    assert signing.close_open(own_request.case_id, "not wanted") == 1
    assert (_now(open_one).status, _now(open_one).detail) == (Status.REFUSED, "not wanted")
    assert (_now(done).status, _now(done).detail) == (Status.COLLECTED, "")
    assert _untouched(other)
    assert signing.close_open(own_request.case_id, "again") == 0
    assert _now(open_one).detail == "not wanted"


def test_the_status_of_an_intent_is_the_one_it_has_now(
    own_request: SigningRequest, other: SigningIntent
) -> None:
    intent = signing.plan(own_request, "an account", ["a credential"])
    assert signing.status_of(intent.pk) is Status.PLANNED
    signing.close_open(own_request.case_id, "not wanted")
    assert signing.status_of(intent.pk) is Status.REFUSED
    assert signing.status_of(other.pk) is Status.PLANNED


def test_while_an_order_is_sent_the_database_says_claimed_and_unknown(
    own_request: SigningRequest, at_atlas: Customer, watched: Watched, other: SigningIntent
) -> None:
    intent, seen = planned(own_request, at_atlas), {}

    def look(call: str) -> None:
        seen[call] = _now(intent)

    watched.before = look
    before = clock.now()
    signing.order(watched, intent.pk)
    assert (seen["GET"].status, seen["POST"].status) == (Status.PLANNED, Status.UNKNOWN)
    for each in seen.values():
        assert before + signing.LEASE <= each.claimed_until <= clock.now() + signing.LEASE
    assert timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT) < signing.LEASE
    assert _untouched(other)


def test_looking_and_collecting_change_no_other_intent(
    own_request: SigningRequest, at_atlas: Customer, other: SigningIntent
) -> None:
    SigningIntent.objects.filter(pk=other.pk).update(status=Status.ORDERED, serial="01")
    other.refresh_from_db()
    intent = planned(own_request, at_atlas)
    assert signing.reconcile(at_atlas.api, intent.pk).status == Status.PLANNED
    collected(at_atlas, intent)
    assert _untouched(other)


def test_what_ran_out_and_was_taken_over_is_not_settled_by_the_first(
    own_request: SigningRequest, at_atlas: Customer, watched: Watched
) -> None:
    intent, theirs = planned(own_request, at_atlas), clock.now() + timedelta(minutes=2)

    def take_over(call: str) -> None:
        if call == "POST":
            SigningIntent.objects.filter(pk=intent.pk).update(claimed_until=theirs)

    watched.after = take_over
    answer = signing.order(watched, intent.pk)
    assert (answer.status, answer.serial) == (Status.UNKNOWN, "")
    assert (_now(intent).status, _now(intent).claimed_until) == (Status.UNKNOWN, theirs)


def test_a_claim_that_ends_in_the_same_moment_stays_another_workers(
    own_request: SigningRequest, at_atlas: Customer, watched: Watched, other: SigningIntent
) -> None:
    intent = planned(own_request, at_atlas)

    def claim(call: str) -> None:
        SigningIntent.objects.filter(pk=other.pk).update(claimed_until=_now(intent).claimed_until)

    watched.before = claim
    signing.reconcile(watched, intent.pk)
    assert _now(intent).claimed_until is None
    assert _now(other).claimed_until is not None


def test_what_was_closed_while_atlas_was_asked_stays_closed(
    own_request: SigningRequest, at_atlas: Customer, watched: Watched
) -> None:
    intent = signing.order(at_atlas.api, planned(own_request, at_atlas).pk)
    until(lambda: at_atlas.api.mtls_certificates(at_atlas.account_id)[0].status.value == "ISSUED")
    watched.before = lambda call: _close(own_request)
    assert signing.collect(watched, intent.pk) is not None
    kept = _now(intent)
    assert (kept.status, kept.detail, kept.certificate) == (Status.REFUSED, "not wanted", None)


@pytest.mark.parametrize("closed_meanwhile", [False, True], ids=["open", "closed meanwhile"])
def test_a_wrong_certificate_closes_the_intent_that_it_came_for(
    own_request: SigningRequest,
    at_atlas: Customer,
    watched: Watched,
    other: SigningIntent,
    closed_meanwhile: bool,
) -> None:
    SigningIntent.objects.filter(pk=other.pk).update(status=Status.ORDERED, serial="01")
    other.refresh_from_db()
    intent, credential = planned(own_request, at_atlas), (at_atlas.credential.api_credential_id,)
    wrong_csr = csr_pem(rsa_key("two")).decode()
    wrong = at_atlas.api.order_mtls_certificate(at_atlas.account_id, wrong_csr, credential, "wrong")
    SigningIntent.objects.filter(pk=intent.pk).update(status=Status.ORDERED, serial=wrong.serial)
    until(lambda: at_atlas.api.mtls_certificates(at_atlas.account_id)[0].status.value == "ISSUED")
    if closed_meanwhile:
        watched.before = lambda call: _close(own_request)
    with pytest.raises(InvalidArtifact):
        signing.collect(watched, intent.pk)
    kept = _now(intent)
    assert kept.status == Status.REFUSED
    assert (kept.detail == "not wanted") is closed_meanwhile
    assert _untouched(other)


@pytest.mark.parametrize(
    ("error", "status"),
    [(Rejected(422, "x" * 1000), Status.REFUSED), (Unreachable("x" * 1000), Status.PLANNED)],
    ids=["refused", "not sent"],
)
def test_of_a_long_answer_of_atlas_as_much_is_kept_as_there_is_room(
    own_request: SigningRequest, at_atlas: Customer, watched: Watched, error: AtlasError, status: Status
) -> None:
    intent, room = planned(own_request, at_atlas), SigningIntent._meta.get_field("detail").max_length

    def refuse(call: str) -> None:
        if call == "POST":
            raise error

    watched.before = refuse
    with pytest.raises(type(error)):
        signing.order(watched, intent.pk)
    assert (_now(intent).status, _now(intent).detail) == (status, str(error)[:room])
    assert len(_now(intent).detail) == room == 300


def _lost(call: str) -> None:
    if call == "POST":
        raise Unreachable("lost", outcome_unknown=True)


@pytest.mark.parametrize("submission", ["", "a-submission"])
def test_the_idempotency_key_is_the_submissions_or_else_the_intents(
    own_request: SigningRequest, at_atlas: Customer, watched: Watched, submission: str
) -> None:
    watched.before, intents = _lost, []
    for _ in range(2):
        intents.append(planned(own_request, at_atlas, submission))
        with pytest.raises(Unreachable):
            signing.order(watched, intents[-1].pk)
        signing.close_open(own_request.case_id, "again")
    if submission:
        (key,) = set(watched.keys)
        assert re.fullmatch(rf"{own_request.pk}-[0-9a-f]{{16}}-a-submission", key)
    else:
        assert watched.keys == [str(intent.pk) for intent in intents]
    assert len(watched.keys) == 2


def test_an_order_for_other_credentials_has_another_idempotency_key(
    own_request: SigningRequest, at_atlas: Customer, watched: Watched
) -> None:
    watched.before = _lost
    for credentials in (["one"], ["two"], ["one", "two"], ["onetwo"]):
        intent = signing.plan(own_request, at_atlas.account_id, credentials, "a-submission")
        with pytest.raises(Unreachable):
            signing.order(watched, intent.pk)
    assert len(set(watched.keys)) == 4
