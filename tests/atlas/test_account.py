"""The account API's client against the local Atlas: one company from the first form to its certificate.
Not here: hostile answers; see test_reading.
"""

import hashlib
import logging
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from atlas.account import AccountApi
from atlas.account_types import (
    Contact,
    EmailKind,
    IdentityProfileStatus,
    IdentityRequestStatus,
    InvitationStatus,
    MtlsStatus,
    NewRegistration,
    NewUser,
    PaymentMethodStatus,
    QuoteStatus,
    Role,
)
from atlas.errors import NotReady, RateLimited, Refused, Rejected
from atlas.hvca import Hvca
from atlas.sandbox.server import Sandbox
from atlas.types import ClientIdentity
from tests.atlas.company import (
    DETAILS,
    PASSWORD,
    accepted,
    collected,
    decided,
    key,
    make_csr,
    operator,
    quoted,
    registration,
    until,
)


@pytest.fixture
def api(quick_atlas: Sandbox) -> Iterator[AccountApi]:
    with AccountApi(quick_atlas.account_url, quick_atlas.account_token, quick_atlas.root_path) as api:
        yield api


@pytest.fixture
def patient_api(patient_atlas: Sandbox) -> Iterator[AccountApi]:
    with AccountApi(patient_atlas.account_url, patient_atlas.account_token, patient_atlas.root_path) as api:
        yield api


def test_a_new_account_waits_for_everything(patient_api: AccountApi) -> None:
    form = registration()
    account_id = patient_api.register(form, key()).account_id
    account = patient_api.account(account_id)
    assert (account.company_name, account.company_number) == ("One Ltd", "01234567")
    assert (account.contact, account.scenario) == (form.contact, "all-well")
    assert abs(account.registered_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert (account.invitation.status, account.invitation.sent_at) == (InvitationStatus.PENDING, None)
    assert account.payment_method.status == PaymentMethodStatus.MISSING
    assert (account.quote.status, account.quote.amount) == (QuoteStatus.PENDING, Decimal("0.00"))
    assert account.quote.currency == "GBP"
    assert account.identity_request.status == IdentityRequestStatus.NOT_READY
    assert patient_api.emails(account_id) == ()
    assert patient_api.find_accounts(form.contact.email.upper()) == (account,)
    assert patient_api.find_accounts("nobody+&=@one.example") == ()


def test_the_same_key_creates_once_and_another_key_creates_again(patient_api: AccountApi) -> None:
    form, intent = registration(), key()
    first = patient_api.register(form, intent)
    assert patient_api.register(form, intent) == first
    assert patient_api.register(form, key()) != first


def test_the_same_key_for_something_else_is_rejected(patient_api: AccountApi) -> None:
    intent = key()
    patient_api.register(registration(), intent)
    with pytest.raises(Rejected) as caught:
        patient_api.register(registration(), intent)
    assert caught.value.status == 422


def test_what_it_is_not_the_time_for_is_rejected_with_a_sentence(patient_api: AccountApi) -> None:
    account_id = patient_api.register(registration(), key()).account_id
    for early in (
        lambda: patient_api.accept_invitation(account_id, PASSWORD),
        lambda: patient_api.set_payment_method(account_id),
        lambda: patient_api.accept_quote(account_id),
        lambda: patient_api.request_identity_profile(account_id, DETAILS, key()),
    ):
        with pytest.raises(Rejected) as caught:
            early()
        assert caught.value.status == 409
        assert caught.value.description


def test_a_refused_field_is_named(patient_api: AccountApi) -> None:
    form = NewRegistration("One Ltd", Contact("Alice", "CTO", "not an address", "+44 1632 960001"))
    with pytest.raises(Rejected) as caught:
        patient_api.register(form, key())
    assert caught.value.status == 422
    assert "contact.email" in caught.value.errors


def test_a_wrong_token_is_refused(quick_atlas: Sandbox) -> None:
    with (
        AccountApi(quick_atlas.account_url, "wrong", quick_atlas.root_path) as api,
        pytest.raises(Refused) as caught,
    ):
        api.find_accounts("a@one.example")
    assert caught.value.status == 401


def test_an_account_that_is_not_there_is_rejected_as_not_found(api: AccountApi) -> None:
    with pytest.raises(Rejected) as caught:
        api.account("AAAAAAAAAAA")
    assert caught.value.status == 404


def test_an_account_goes_all_the_way_to_a_certificate_that_signs_in(
    api: AccountApi, quick_atlas: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    account_id = quoted(api)
    account = api.account(account_id)
    assert account.invitation.accepted_at
    assert account.payment_method.set_at
    assert account.quote.accepted_at
    assert account.identity_request.ready_at

    requested = api.request_identity_profile(account_id, DETAILS, key())
    profile_id = requested.identity_profile_id
    profile = until(
        lambda: api.identity_profile(account_id, profile_id),
        lambda profile: profile.status == IdentityProfileStatus.ACTIVE,
    )
    assert (profile.details, profile.reason) == (DETAILS, None)
    assert api.identity_profiles(account_id) == (profile,)

    intent = key()
    credential = api.generate_api_credential(account_id, "dip_uit", profile_id, intent)
    assert api.generate_api_credential(account_id, "dip_uit", profile_id, intent) == credential
    private = rsa.generate_private_key(65537, 2048)
    ids = (credential.api_credential_id,)
    serial = api.order_mtls_certificate(account_id, make_csr(private), ids, key()).serial
    certificate = collected(api, account_id, serial)
    (entry,) = api.mtls_certificates(account_id)
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    assert entry.public_key_sha256 == hashlib.sha256(public).hexdigest()
    assert (entry.serial, entry.status, entry.api_credential_ids) == (serial, MtlsStatus.ISSUED, ids)
    assert timedelta(days=5 * 365) <= certificate.not_after - datetime.now(UTC) < timedelta(days=5 * 366 + 2)
    (listed,) = api.api_credentials(account_id)
    assert (listed.name, listed.api_key, listed.certificate_serials) == (
        "dip_uit",
        credential.api_key,
        (serial,),
    )

    key_pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    identity = ClientIdentity(
        certificate.certificate.encode(), key_pem, "".join(certificate.chain[:-1]).encode()
    )
    with Hvca(
        quick_atlas.url, credential.api_key, credential.api_secret, identity, quick_atlas.root_path
    ) as hvca:
        assert hvca.validation_policy().subject_dn.fields["common_name"]

    kinds = [email.kind for email in api.emails(account_id)]
    assert kinds[:2] in (
        [EmailKind.CONFIRMATION, EmailKind.INVITATION],
        [EmailKind.INVITATION, EmailKind.CONFIRMATION],
    )
    assert EmailKind.QUOTATION_READY in kinds
    for secret in (credential.api_secret, PASSWORD, quick_atlas.account_token, account_id, serial, intent):
        assert secret not in caplog.text
    assert credential.api_secret not in repr(credential)


def test_a_certificate_that_is_being_signed_is_not_ready_but_listed(patient_api: AccountApi) -> None:
    account, profile_id = operator(patient_api)
    name = f"n{uuid.uuid4().hex}"
    credential = patient_api.generate_api_credential(account.account_id, name, profile_id, key())
    csr = make_csr(rsa.generate_private_key(65537, 2048))
    ids = (credential.api_credential_id,)
    serial = patient_api.order_mtls_certificate(account.account_id, csr, ids, key()).serial
    with pytest.raises(NotReady):
        patient_api.mtls_certificate(account.account_id, serial)
    entry = patient_api.mtls_certificates(account.account_id)[-1]
    assert (entry.serial, entry.status, entry.issued_at) == (serial, MtlsStatus.PENDING, None)


def test_a_lost_order_is_found_again_and_not_made_twice(patient_api: AccountApi) -> None:
    account, profile_id = operator(patient_api)
    credential = patient_api.generate_api_credential(
        account.account_id, f"n{uuid.uuid4().hex}", profile_id, key()
    )
    csr, intent = make_csr(rsa.generate_private_key(65537, 2048)), key()
    ids = (credential.api_credential_id,)
    orders = {patient_api.order_mtls_certificate(account.account_id, csr, ids, intent) for _ in range(2)}
    before = [entry.serial for entry in patient_api.mtls_certificates(account.account_id)]
    assert before.count(orders.pop().serial) == 1
    assert not orders


def test_a_rejected_profile_says_why_and_the_next_one_passes(api: AccountApi) -> None:
    account_id = quoted(api, "vetting-rejected")
    first = decided(api, account_id)
    assert first.status == IdentityProfileStatus.REJECTED
    assert first.reason
    assert first.status_since >= first.submitted_at
    second = decided(api, account_id)
    assert (second.status, second.reason) == (IdentityProfileStatus.ACTIVE, None)


def test_an_atlas_that_is_down_says_when_to_come_back_and_another_scenario_ends_it(
    patient_api: AccountApi,
) -> None:
    account, _ = operator(patient_api)
    patient_api.set_scenario(account.account_id, "atlas-down")
    patient_api.request_identity_profile(account.account_id, DETAILS, key())
    with pytest.raises(RateLimited) as caught:
        patient_api.account(account.account_id)
    assert caught.value.retry_after
    patient_api.set_scenario(account.account_id, "all-well")
    assert patient_api.account(account.account_id).scenario == "all-well"


def test_users_are_added_listed_and_removed(api: AccountApi) -> None:
    account_id = accepted(api)
    new = NewUser("Bob", f"bob-{key()}@one.example", (Role.MANAGE_CREDENTIALS, Role.MANAGE_IDENTITIES))
    user = api.add_user(account_id, new, key())
    assert (user.name, user.email, set(user.roles)) == (new.name, new.email, set(new.roles))
    assert api.user(account_id, user.user_id) == user
    first, second = api.users(account_id)
    assert (second, Role.ADMINISTRATOR in first.roles) == (user, True)
    api.remove_user(account_id, user.user_id)
    assert api.users(account_id) == (first,)
    with pytest.raises(Rejected) as caught:
        api.remove_user(account_id, first.user_id)
    assert caught.value.status == 409
