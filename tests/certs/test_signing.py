"""Signing: one intent gives one certificate, whoever dies, whatever is lost, however many ask at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from atlas.account import AccountApi
from atlas.errors import AtlasError, NotReady, RateLimited, Refused, Rejected, Unexpected, Unreachable
from atlas.sandbox.server import Sandbox
from certs import clock, csr, signing
from certs.findings import InvalidArtifact
from certs.models import Certificate, SigningIntent, SigningRequest
from tests.certs.atlas_customer import Customer, customer, until
from tests.certs.signing_steps import Watched, collected, planned
from tests.certs.x509_factories import csr_pem, rsa_key
from tests.concurrency import race, split
from tests.time_travel import travel

Status = SigningIntent.Status


@pytest.fixture
def watched(atlas: Sandbox) -> Watched:
    return Watched(atlas)


def test_an_order_goes_from_intent_to_certificate(own_request: SigningRequest, at_atlas: Customer) -> None:
    intent = planned(own_request, at_atlas)
    assert intent.status == Status.PLANNED
    assert signing.collect(at_atlas.api, intent.pk) is None
    ordered = signing.order(at_atlas.api, intent.pk)
    assert (ordered.status, bool(ordered.serial), ordered.claimed_until) == (Status.ORDERED, True, None)
    certificate = collected(at_atlas, intent)
    assert certificate.signing_request == own_request
    assert int(certificate.serial, 16) == int(ordered.serial, 16)
    assert "BEGIN CERTIFICATE" in certificate.chain_pem  # Atlas gave the issuers with it
    intent.refresh_from_db()
    assert (intent.status, intent.certificate) == (Status.COLLECTED, certificate)
    assert at_atlas.ordered(own_request.public_key_sha256) == 1


def test_asking_again_at_any_point_changes_nothing(own_request: SigningRequest, at_atlas: Customer) -> None:
    intent = planned(own_request, at_atlas)
    assert planned(own_request, at_atlas) == intent
    signing.order(at_atlas.api, intent.pk)
    assert signing.order(at_atlas.api, intent.pk).status == Status.ORDERED
    first = collected(at_atlas, intent)
    assert signing.advance(at_atlas.api, intent.pk) == first
    assert signing.order(at_atlas.api, intent.pk).status == Status.COLLECTED
    assert at_atlas.ordered(own_request.public_key_sha256) == 1


def test_while_it_is_being_signed_there_is_none_yet(
    own_request: SigningRequest, at_atlas: Customer, watched: Watched
) -> None:
    intent = planned(own_request, at_atlas)
    signing.order(at_atlas.api, intent.pk)
    watched.before = _raiser(NotReady())
    assert signing.collect(watched, intent.pk) is None


def _raiser(error: AtlasError, only: str = "") -> Callable[[str], None]:
    def tell(call: str) -> None:
        if only in ("", call):
            raise error

    return tell


def test_a_slow_atlas_is_asked_until_it_has_signed(own_request: SigningRequest, tmp_path: Path) -> None:
    in_a_hurry = Sandbox(tmp_path, speed=100_000_000)
    in_a_hurry.start()
    at = customer(in_a_hurry)
    in_a_hurry.stop()
    sandbox = Sandbox(tmp_path, speed=240)  # half a second to sign
    sandbox.start()
    at.api = AccountApi(sandbox.account_url, sandbox.account_token, sandbox.root_path)
    try:
        intent = planned(own_request, at)
        assert signing.advance(at.api, intent.pk) is None
        assert collected(at, intent).signing_request == own_request
    finally:
        sandbox.stop()


@pytest.mark.parametrize("error", [Unreachable("lost", outcome_unknown=True), Unexpected("nonsense")])
def test_when_the_answer_is_lost_the_order_is_found_and_not_sent_again(
    own_request: SigningRequest, at_atlas: Customer, watched: Watched, error: AtlasError
) -> None:
    intent = planned(own_request, at_atlas)
    watched.after = _raiser(error, only="POST")
    with pytest.raises(type(error)):
        signing.order(watched, intent.pk)
    intent.refresh_from_db()
    assert (intent.status, intent.claimed_until, intent.serial) == (Status.UNKNOWN, None, "")
    watched.before = _raiser(AssertionError("sent again"), only="POST")  # type: ignore[arg-type]
    assert signing.order(watched, intent.pk).status == Status.ORDERED
    assert at_atlas.ordered(own_request.public_key_sha256) == 1


def test_when_the_order_itself_was_lost_it_is_sent_again(
    own_request: SigningRequest, at_atlas: Customer, watched: Watched
) -> None:
    intent = planned(own_request, at_atlas)
    watched.before = _raiser(Unreachable("lost", outcome_unknown=True), only="POST")
    with pytest.raises(Unreachable):
        signing.order(watched, intent.pk)
    assert signing.reconcile(at_atlas.api, intent.pk).status == Status.UNKNOWN
    assert signing.order(at_atlas.api, intent.pk).status == Status.ORDERED
    assert at_atlas.ordered(own_request.public_key_sha256) == 1


@pytest.mark.parametrize("error", [RateLimited(3.0), Unreachable("no connection")])
def test_what_was_surely_not_taken_is_planned_again(
    own_request: SigningRequest, at_atlas: Customer, watched: Watched, error: AtlasError
) -> None:
    intent = planned(own_request, at_atlas)
    watched.before = _raiser(error, only="POST")
    with pytest.raises(type(error)):
        signing.order(watched, intent.pk)
    intent.refresh_from_db()
    assert (intent.status, intent.claimed_until) == (Status.PLANNED, None)
    assert intent.detail


@pytest.mark.parametrize("do", [signing.order, signing.reconcile])
def test_when_the_list_cannot_be_had_nothing_is_sent(
    own_request: SigningRequest, at_atlas: Customer, watched: Watched, do: Callable[..., SigningIntent]
) -> None:
    intent = planned(own_request, at_atlas)
    watched.before = _raiser(RateLimited(), only="GET")
    with pytest.raises(RateLimited):
        do(watched, intent.pk)
    intent.refresh_from_db()
    assert (intent.status, intent.claimed_until) == (Status.PLANNED, None)
    assert at_atlas.ordered(own_request.public_key_sha256) == 0


def test_reconciling_finds_what_a_person_ordered_in_atlas(
    own_request: SigningRequest, at_atlas: Customer
) -> None:
    intent = planned(own_request, at_atlas)
    credential = (at_atlas.credential.api_credential_id,)
    by_hand = at_atlas.api.order_mtls_certificate(
        at_atlas.account_id, own_request.csr_pem, credential, "by-hand"
    )
    found = signing.reconcile(at_atlas.api, intent.pk)
    assert (found.status, found.serial) == (Status.ORDERED, by_hand.serial)
    assert signing.order(at_atlas.api, intent.pk).serial == by_hand.serial


def test_a_certificate_for_another_credential_is_not_ours(
    own_request: SigningRequest, at_atlas: Customer
) -> None:
    other = at_atlas.another_credential().api_credential_id
    at_atlas.api.order_mtls_certificate(at_atlas.account_id, own_request.csr_pem, (other,), "other")
    intent = planned(own_request, at_atlas)
    assert signing.reconcile(at_atlas.api, intent.pk).status == Status.PLANNED
    signing.order(at_atlas.api, intent.pk)
    assert at_atlas.ordered(own_request.public_key_sha256) == 2


def test_a_refusal_closes_the_intent_and_another_may_follow(
    own_request: SigningRequest, at_atlas: Customer
) -> None:
    intent = signing.plan(own_request, at_atlas.account_id, ["no-such-credential"])
    with pytest.raises(Rejected):
        signing.order(at_atlas.api, intent.pk)
    intent.refresh_from_db()
    assert (intent.status, intent.claimed_until) == (Status.REFUSED, None)
    assert "api_credential_ids" in intent.detail
    again = planned(own_request, at_atlas)
    assert again != intent
    assert collected(at_atlas, again).signing_request == own_request


def test_a_bad_token_is_no_answer_to_the_order(
    own_request: SigningRequest, at_atlas: Customer, atlas: Sandbox
) -> None:
    intent = planned(own_request, at_atlas)
    with AccountApi(atlas.account_url, "wrong", atlas.root_path) as stranger, pytest.raises(Refused):
        signing.order(stranger, intent.pk)
    intent.refresh_from_db()
    assert intent.status == Status.PLANNED


def test_a_certificate_for_another_key_closes_the_intent_and_is_not_kept(
    own_request: SigningRequest, at_atlas: Customer
) -> None:
    intent = planned(own_request, at_atlas)
    credential = (at_atlas.credential.api_credential_id,)
    wrong = at_atlas.api.order_mtls_certificate(
        at_atlas.account_id, csr_pem(rsa_key("two")).decode(), credential, "wrong"
    )
    SigningIntent.objects.filter(pk=intent.pk).update(status=Status.ORDERED, serial=wrong.serial)
    with pytest.raises(InvalidArtifact) as caught:
        until(lambda: signing.collect(at_atlas.api, intent.pk) is not None)
    assert "certificate-other-key" in caught.value.codes
    intent.refresh_from_db()
    assert intent.status == Status.REFUSED
    assert "certificate-other-key" in intent.detail
    assert not Certificate.objects.exists()


def test_the_database_allows_one_open_intent_per_key(own_request: SigningRequest, at_atlas: Customer) -> None:
    intent = planned(own_request, at_atlas)
    intent.pk = uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        intent.save(force_insert=True)


def test_another_case_waits_for_the_key(
    own_request: SigningRequest, at_atlas: Customer, company: UUID
) -> None:
    intent = planned(own_request, at_atlas)
    other = csr.accept(company, uuid4(), csr_pem())
    with pytest.raises(InvalidArtifact) as caught:
        planned(other, at_atlas)
    assert caught.value.codes == ("csr-key-in-signing",)
    collected(at_atlas, intent)
    assert planned(other, at_atlas).case_id == other.case_id


def test_a_claim_of_another_worker_is_respected_until_it_runs_out(
    own_request: SigningRequest, at_atlas: Customer, watched: Watched
) -> None:
    intent = planned(own_request, at_atlas)
    SigningIntent.objects.filter(pk=intent.pk).update(claimed_until=clock.now() + signing.LEASE)
    watched.before = _raiser(AssertionError("asked"))  # type: ignore[arg-type]
    assert signing.order(watched, intent.pk).status == Status.PLANNED
    assert signing.reconcile(watched, intent.pk).status == Status.PLANNED
    with travel(clock.now() + signing.LEASE + timedelta(seconds=1)):
        assert signing.order(at_atlas.api, intent.pk).status == Status.ORDERED


def test_another_submission_may_have_a_certificate_of_its_own(
    own_request: SigningRequest, at_atlas: Customer
) -> None:
    first = planned(own_request, at_atlas, "first")
    collected(at_atlas, first)
    assert planned(own_request, at_atlas, "first") == first
    assert planned(own_request, at_atlas, "second") != first


def test_what_was_collected_for_another_credential_is_not_the_answer(
    own_request: SigningRequest, at_atlas: Customer
) -> None:
    first = planned(own_request, at_atlas, "first")
    collected(at_atlas, first)
    other = at_atlas.another_credential().api_credential_id
    assert signing.plan(own_request, at_atlas.account_id, [other], "first") != first


@pytest.mark.django_db(transaction=True)
def test_who_plans_while_the_certificate_is_being_kept_waits_for_it(
    own_request: SigningRequest, at_atlas: Customer
) -> None:
    """The two statements of keeping are one moment for whoever plans: the intent is open, or collected."""
    intent = planned(own_request, at_atlas, "one")
    signing.order(at_atlas.api, intent.pk)
    until(lambda: at_atlas.api.mtls_certificates(at_atlas.account_id)[0].status.value == "ISSUED")
    seen, errors = split(
        race(
            partial(signing.collect, at_atlas.api, intent.pk),
            *[partial(planned, own_request, at_atlas, "one") for _ in range(3)],
        )
    )
    assert errors == []
    assert {each for each in seen if isinstance(each, SigningIntent)} == {intent}
