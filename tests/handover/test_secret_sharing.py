"""Passing a secret on: sealed for one receiver, opened once, and gone; every other way ends in a sentence.

Sealing itself is tested in tests/certs/test_secret_sharing.py.
"""

from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from certs import credentials, vault_maintenance
from certs.models import Secret, SharedSecret
from certs.secret_destruction import destroy_case
from onboarding.audit.chain_check import find_chain_faults
from onboarding.audit.models import Event
from onboarding.handover import offers, secret_sharing, tasks
from onboarding.handover.models import Grant, Offer
from onboarding.journey import case_files
from onboarding.journey.models import Onboarding
from onboarding.notifications.models import OutboxEmail
from onboarding.people.models import Membership
from tests.browser.page_setup import PageSetup
from tests.certs import x509_factories
from tests.handover.factories import make_dana, make_grant, make_offer, open_steps
from tests.journey import storage_scan
from tests.people_fixtures import People, client_of, fresh_client_of, shows_errors
from tests.refused_rows import refuse_changes

API_KEY, API_SECRET = "0123456789abcdef", "00112233445566778899aabbccddeeff00112233"


@pytest.fixture
def key() -> bytes:
    made = x509_factories.rsa_key("one")
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture
def handed(people: People, onboarding: Onboarding) -> Offer:
    """Bob has handed the PFX over to Tess, who accepted."""
    open_steps(onboarding, "csr", "pfx")
    return offers.accept(make_offer(onboarding, people.bob, people.tess, "pfx"), actor=people.tess)


def _text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def _form(source: str, **more: Any) -> dict[str, Any]:
    day = timezone.localdate() + timedelta(days=7)
    return {"source": source, "until_day": day.day, "until_month": day.month, "until_year": day.year, **more}


def _path(offer: Offer) -> str:
    return f"/handovers/{offer.pk}/secrets/"


def _upload(content: bytes, name: str = "apicert.key") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def _passed(people: People, offer: Offer, key: bytes) -> SharedSecret:
    answer = client_of(people.bob).post(_path(offer), _form("private-key", key_file=_upload(key)))
    assert answer.status_code == 302, _text(answer)
    return SharedSecret.objects.get()


def _everything_stored() -> bytes:
    """Every row of every table, as text."""
    return "\n".join(row for _, row in storage_scan.rows()).encode()


def test_a_key_goes_from_hand_to_hand_once(people: People, handed: Offer, key: bytes) -> None:
    row = _passed(people, handed, key)
    assert key.splitlines()[5] not in _everything_stored()
    assert vault_maintenance.verify().damages == {}
    tess, bob = fresh_client_of(people.tess), client_of(people.bob)
    link = f"{_path(handed)}{row.pk}/"
    assert link in _text(tess.get(f"/handovers/{handed.pk}/"))
    assert "not opened yet" in _text(bob.get(f"/handovers/{handed.pk}/"))
    assert "This works once" in _text(tess.get(link))
    opened = tess.post(link)
    assert opened.content == key
    assert opened["Content-Disposition"].endswith('.key"')
    again = tess.post(link)
    assert again.status_code == 409
    assert "The private key: opened on" in _text(again)
    assert "The private key: opened on" in _text(bob.get(f"/handovers/{handed.pk}/"))
    row.refresh_from_db()
    assert Secret.objects.get(pk=row.secret_id).ciphertext is None


def test_both_sides_and_the_admins_are_told_and_nothing_secret_is_said(people, handed, key) -> None:
    row = _passed(people, handed, key)
    fresh_client_of(people.tess).post(f"{_path(handed)}{row.pk}/")
    told = {
        (mail.to, mail.key.split(":")[0]) for mail in OutboxEmail.objects.filter(key__startswith="secret-")
    }
    assert told == {
        (people.tess, "secret-passed"), (people.bob, "secret-opened"), (people.alice, "secret-opened"),
    }  # fmt: skip
    names = list(Event.objects.filter(name__startswith="secret:handover").values_list("name", flat=True))
    assert sorted(names) == ["secret:handover:opened", "secret:handover:passed"]
    assert key.splitlines()[5] not in _everything_stored()


def test_opening_demands_a_fresh_sign_in(people: People, handed: Offer, key: bytes) -> None:
    row = _passed(people, handed, key)
    asked = client_of(people.tess).post(f"{_path(handed)}{row.pk}/")
    assert asked.status_code == 302
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    row.refresh_from_db()
    assert row.opened_at is None


def test_api_key_and_secret_are_shown_once(people: People, handed: Offer) -> None:
    form = _form("api-credentials", api_key=f" {API_KEY} ", api_secret=API_SECRET)
    assert client_of(people.bob).post(_path(handed), form).status_code == 302
    row = SharedSecret.objects.get()
    shown = fresh_client_of(people.tess).post(f"{_path(handed)}{row.pk}/")
    assert API_KEY in _text(shown)
    assert API_SECRET in _text(shown)
    assert "no-store" in shown["Cache-Control"]


@pytest.mark.parametrize("who", ["alice", "rhea", "charlie", "olga", "bob"])
def test_nobody_but_the_receiver_opens_it(people: People, handed: Offer, key: bytes, who: str) -> None:
    row = _passed(people, handed, key)
    answer = fresh_client_of(getattr(people, who)).post(f"{_path(handed)}{row.pk}/")
    assert answer.status_code in (403, 404)
    assert fresh_client_of(people.tess).post(f"{_path(handed)}{row.pk}/").content == key


@pytest.mark.parametrize("who", ["alice", "tess", "rhea", "charlie", "olga"])
def test_only_who_handed_over_passes_something_on(
    people: People, handed: Offer, key: bytes, who: str
) -> None:
    answer = fresh_client_of(getattr(people, who)).post(
        _path(handed), _form("private-key", key_file=_upload(key))
    )
    assert answer.status_code in (403, 404)
    assert not SharedSecret.objects.exists()


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        (_form("private-key"), "Choose the file."),
        (_form("private-key", key_file=_upload(b"not a key")), "This file holds no private key."),
        (_form("pfx", pfx_file=_upload(b"not a PFX")), "This is not a PFX (PKCS#12) file."),
        (_form("api-credentials", api_key="abc", api_secret=API_SECRET), "API key"),
        (_form("kept-pfx"), "Choose what you want to share."),
        (_form(""), "Choose what you want to share."),
        (_form("private-key") | {"until_year": 2019}, "The last day to open it must be"),
    ],
)
def test_what_cannot_be_passed_on_is_said_and_not_shown_again(people, handed, form, sentence) -> None:
    answer = client_of(people.bob).post(_path(handed), form)
    assert shows_errors(answer)
    assert sentence.lower() in _text(answer).lower()
    assert API_SECRET not in _text(answer)
    assert not SharedSecret.objects.exists()


def test_it_is_taken_back_unopened(people: People, handed: Offer, key: bytes) -> None:
    row = _passed(people, handed, key)
    link = f"{_path(handed)}{row.pk}/"
    assert client_of(people.tess).post(f"{link}take-back/").status_code == 403
    assert client_of(people.alice).post(f"{link}take-back/").status_code == 302  # an admin of the company
    assert client_of(people.bob).post(f"{link}take-back/").status_code == 403
    late = fresh_client_of(people.tess).post(link)
    assert late.status_code == 409
    assert "taken back on" in _text(late)
    assert not Secret.objects.filter(destroyed_at=None).exists()


def test_what_nobody_opens_is_destroyed_and_the_sender_is_told(
    people: People, handed: Offer, key: bytes
) -> None:
    row = _passed(people, handed, key)
    SharedSecret.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert fresh_client_of(people.tess).post(f"{_path(handed)}{row.pk}/").status_code == 409
    assert tasks.expire() == 1
    assert tasks.expire() == 0
    assert not Secret.objects.filter(destroyed_at=None).exists()
    assert OutboxEmail.objects.filter(to=people.bob, key__startswith="secret-not-opened").count() == 1
    assert "not opened by" in _text(client_of(people.bob).get(f"/handovers/{handed.pk}/"))


def test_a_secret_that_cannot_be_destroyed_keeps_no_other_from_it(
    people: People, handed: Offer, caplog: pytest.LogCaptureFixture
) -> None:
    until = timezone.now() + timedelta(days=1)
    _, second, _ = (
        secret_sharing.share(handed, what, b"a secret of the tests", until=until, actor=people.bob)
        for what in (SharedSecret.What.PRIVATE_KEY, SharedSecret.What.PFX, SharedSecret.What.API_CREDENTIALS)
    )
    refuse_changes(second)
    assert secret_sharing.destroy_past(until) == 2
    open_ones = SharedSecret.objects.filter(taken_back_at=None)
    assert [each.pk for each in open_ones] == [second.pk]
    assert Secret.objects.get(pk=second.secret_id).destroyed_at is None  # all of it or nothing
    assert OutboxEmail.objects.filter(to=people.bob, key__startswith="secret-not-opened").count() == 2
    assert str(second.pk) in caplog.text
    assert list(find_chain_faults()) == []


def test_it_is_destroyed_when_the_handover_is_returned(people: People, handed: Offer, key: bytes) -> None:
    row = _passed(people, handed, key)
    offers.return_(handed, actor=people.tess, reason="I cannot do it")
    assert not Secret.objects.filter(destroyed_at=None).exists()
    assert fresh_client_of(people.tess).post(f"{_path(handed)}{row.pk}/").status_code == 409
    again = fresh_client_of(people.bob).get(_path(handed))
    assert again.status_code == 409


def test_it_is_destroyed_when_the_access_from_outside_ends(
    people: People, onboarding: Onboarding, key: bytes
) -> None:
    open_steps(onboarding, "pfx")
    dana = make_dana()
    handed = make_grant(onboarding, people.bob, dana, "pfx")
    row = _passed(people, handed, key)
    with transaction.atomic():
        offers.revoke(Grant.objects.get(), actor=people.alice)
    assert not Secret.objects.filter(destroyed_at=None).exists()
    assert fresh_client_of(dana).post(f"{_path(handed)}{row.pk}/").status_code in (404, 409)


def test_who_lost_the_role_meanwhile_opens_nothing(people: People, handed: Offer, key: bytes) -> None:
    row = _passed(people, handed, key)
    Membership.objects.filter(user=people.tess).delete()
    assert fresh_client_of(people.tess).post(f"{_path(handed)}{row.pk}/").status_code == 404
    assert fresh_client_of(people.bob).get(_path(handed)).status_code == 409


def test_it_goes_with_the_other_secrets_of_the_case(people: People, handed: Offer, key: bytes) -> None:
    _passed(people, handed, key)
    assert destroy_case(handed.onboarding_id).passed == 1
    assert not Secret.objects.filter(destroyed_at=None).exists()
    assert destroy_case(handed.onboarding_id).total == 0


def test_before_accepting_nothing_is_passed_on(people: People, onboarding: Onboarding) -> None:
    open_steps(onboarding, "csr")
    made = make_offer(onboarding, people.bob, people.tess, "csr")
    answer = fresh_client_of(people.bob).get(_path(made))
    assert answer.status_code == 409
    assert not secret_sharing.may_share(people.bob, made)


def test_what_the_portal_keeps_is_passed_on_by_a_certificate_admin_only(settings, db) -> None:
    setup = PageSetup(settings)
    setup.start()
    setup.bring_to("dip-upload")
    bob, alice = setup.people.bob, setup.people.alice
    handed = offers.accept(make_offer(setup.onboarding, bob, alice, "dip-upload"), actor=alice)
    assert "api-credentials" in secret_sharing.list_stored_kinds(bob, handed)
    assert secret_sharing.list_stored_kinds(setup.people.tess, handed) == set()
    stale = client_of(bob).post(_path(handed), _form("kept-api-credentials"))
    assert shows_errors(stale)
    assert "confirm who you are" in _text(stale)
    assert fresh_client_of(bob).post(_path(handed), _form("kept-api-credentials")).status_code == 302
    row = SharedSecret.objects.get()
    shown = _text(fresh_client_of(alice).post(f"{_path(handed)}{row.pk}/"))
    stored = case_files.get_credential(setup.onboarding)
    assert stored is not None
    assert credentials.load(stored).api_secret in shown
    assert vault_maintenance.verify().damages == {}


def test_the_empty_form_asks_for_a_fresh_sign_in_and_the_filled_one_does_not(people, handed, key) -> None:
    """What is typed or uploaded would be lost on the way to the password and back."""
    assert client_of(people.bob).get(_path(handed))["Location"].startswith("/accounts/reauthenticate/")
    assert fresh_client_of(people.bob).get(_path(handed)).status_code == 200
    _passed(people, handed, key)
