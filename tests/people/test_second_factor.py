"""A code app and its recovery codes: set up, asked for, lost, removed; their secrets lie in the vault.

From whom one is demanded is tested in test_second_factor_policy.py, passkeys in tests/browser.
"""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import CommandError, call_command

from certs import vault_maintenance
from certs.models import Secret
from onboarding.audit.event_names import EventName
from onboarding.audit.models import Event
from tests.people.totp_app import code_of, key_on, password, set_up
from tests.people_fixtures import client_of
from tests.workers import send_mails

AUTHENTICATE = "/accounts/2fa/authenticate/"


def test_a_code_app_is_set_up_and_then_asked_for(people) -> None:
    _, key, codes = set_up(people.alice)
    assert len(set(codes)) == 10
    client, to = password(people.alice)
    assert to == AUTHENTICATE
    assert client.get("/").status_code == 302, "the password alone opens nothing"
    signed_in = client.post(AUTHENTICATE, {"code": code_of(key)})
    assert signed_in["Location"] == "/"
    assert client.get("/").status_code == 200


def test_a_wrong_code_sets_nothing_up_and_opens_nothing(people) -> None:
    client, _, _ = set_up(people.alice)
    client.post("/accounts/2fa/totp/deactivate/")
    again = client.get("/accounts/2fa/totp/activate/")
    wrong = client.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert "This code or key is not right" in wrong.text
    assert key_on(wrong.text) == key_on(again.text), "the app need not be set up again"
    assert not Authenticator.objects.exists()


def test_a_wrong_code_at_the_sign_in_says_so_and_opens_nothing(people) -> None:
    set_up(people.alice)
    client, _ = password(people.alice)
    assert "This code or key is not right" in client.post(AUTHENTICATE, {"code": "000000"}).text
    assert client.get("/").status_code == 302


def test_a_code_opens_once(people) -> None:
    _, key, _ = set_up(people.alice)
    code = code_of(key)
    first, _ = password(people.alice)
    assert first.post(AUTHENTICATE, {"code": code}).status_code == 302
    second, _ = password(people.alice)
    assert second.post(AUTHENTICATE, {"code": code}).status_code == 200
    assert second.get("/").status_code == 302


def test_guessing_codes_is_stopped(people) -> None:
    _, key, _ = set_up(people.alice)
    client, _ = password(people.alice)
    for _ in range(10):
        client.post(AUTHENTICATE, {"code": "000000"})
    client.post(AUTHENTICATE, {"code": code_of(key)})
    assert client.get("/").status_code == 302


def test_a_recovery_code_stands_in_for_a_lost_telephone_once(people) -> None:
    _, _, codes = set_up(people.alice)
    client, _ = password(people.alice)
    assert client.post(AUTHENTICATE, {"code": codes[3]}).status_code == 302
    assert "9 not used yet" in client.get("/accounts/").text
    another, _ = password(people.alice)
    assert another.post(AUTHENTICATE, {"code": codes[3]}).status_code == 200
    assert another.get("/").status_code == 302


def test_recovery_codes_are_shown_once(people) -> None:
    client, _, codes = set_up(people.alice)
    again = client.get("/accounts/2fa/recovery-codes/")
    assert not any(code in again.text for code in codes)
    assert client.get("/accounts/2fa/recovery-codes/download/").status_code == 403


def test_the_secrets_lie_in_the_vault_and_nowhere_else(people) -> None:
    client, key, codes = set_up(people.alice)
    kept = [str(each.data) for each in Authenticator.objects.all()]
    sessions = [str(each.get_decoded()) for each in Session.objects.all()]
    send_mails()
    mails = [each.subject + each.body for each in mail.outbox]
    assert not [text for text in kept + sessions + mails for secret in (key, *codes) if secret in text]
    assert Secret.objects.filter(purpose="second-factor", destroyed_at=None).count() == 2
    assert vault_maintenance.verify() == vault_maintenance.Verification(intact=2, damages={})
    client.get("/accounts/2fa/totp/deactivate/")
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert not Secret.objects.filter(destroyed_at=None).exists()


def test_a_set_up_that_was_not_finished_leaves_no_readable_secret(people) -> None:
    client, _, _ = set_up(people.alice)
    client.post("/accounts/2fa/totp/deactivate/")
    for _ in range(3):
        key = key_on(client.get("/accounts/2fa/totp/activate/").text)
    (draft,) = Secret.objects.filter(purpose="second-factor-draft", destroyed_at=None)
    assert vault_maintenance.verify().damages == {}
    assert draft.record_id == people.alice.pk
    assert key not in str([each.get_decoded() for each in Session.objects.all()])


@pytest.mark.django_db(transaction=True)
def test_its_owner_is_written_to_when_it_comes_and_goes(people) -> None:
    client, _, _ = set_up(people.alice)
    send_mails()
    assert [each.subject for each in mail.outbox] == ["A code app was set up for your sign-in"]
    client.post("/accounts/2fa/totp/deactivate/")
    send_mails()
    assert mail.outbox[-1].subject == "The code app was removed from your sign-in"
    assert [each.to for each in mail.outbox] == [[people.alice.email]] * 2


def test_setting_one_up_asks_who_it_is_first(people) -> None:
    client = client_of(people.alice)
    for address in ("totp/activate/", "webauthn/add/", "recovery-codes/generate/"):
        asked = client.get(f"/accounts/2fa/{address}")
        assert asked["Location"].startswith("/accounts/reauthenticate/?next="), address


def test_a_code_is_as_good_as_the_password_where_it_is_asked_again(people) -> None:
    _, key, codes = set_up(people.alice)
    client, _ = password(people.alice)
    client.post(AUTHENTICATE, {"code": code_of(key)})
    asked = client.get("/accounts/2fa/recovery-codes/generate/")
    page = client.get(asked["Location"]).text
    assert "Use a code from your app, or a recovery code" in page
    back = client.post(
        "/accounts/2fa/reauthenticate/", {"code": codes[0], "next": "/accounts/2fa/recovery-codes/generate/"}
    )
    assert back["Location"] == "/accounts/2fa/recovery-codes/generate/"
    assert client.get(back["Location"]).status_code == 200


def test_who_lost_everything_is_let_in_again_by_the_people_who_run_the_portal(people) -> None:
    set_up(people.alice)
    call_command("remove_second_factor", people.alice.email.upper(), reason="Rang back on the known number")
    assert not Authenticator.objects.exists()
    assert not Secret.objects.filter(destroyed_at=None).exists()
    event = Event.objects.get(name=EventName.SECOND_FACTOR_LOST)
    assert event.data == {
        "whose": f"Alice Test <{people.alice.email}>",
        "reason": "Rang back on the known number",
    }
    assert password(people.alice)[1] == "/"
    for refused in ("nobody@one.example", people.alice.email):
        with pytest.raises(CommandError):
            call_command("remove_second_factor", refused, reason="none")


def test_what_comes_and_goes_is_on_record_without_its_secret(people) -> None:
    client, key, codes = set_up(people.alice)
    client.post("/accounts/2fa/totp/deactivate/")
    found = [(each.name.split(":")[2], each.data["kind"]) for each in Event.objects.order_by("number")]
    assert found == [
        ("added", "totp"),
        ("added", "recovery_codes"),
        ("removed", "totp"),
        ("removed", "recovery_codes"),
    ]
    assert {each.actor for each in Event.objects.all()} == {people.alice}
    assert not [each for each in Event.objects.all() if key in str(each.data) or codes[0] in str(each.data)]


def test_the_first_one_ends_sessions_that_had_shown_a_password_only(people) -> None:
    elsewhere, _ = password(people.alice)
    bob, _ = password(people.bob)
    assert elsewhere.get("/").status_code == 200
    here, _, _ = set_up(people.alice)
    assert [each.get("/").status_code for each in (elsewhere, here, bob)] == [302, 200, 200]
    assert "signed in in" not in here.get("/").text


def test_a_further_one_signs_nobody_out(people) -> None:
    set_up(people.alice)
    other = Authenticator.objects.get(user=people.alice, type=Authenticator.Type.TOTP)
    elsewhere = client_of(people.alice)
    Authenticator.objects.create(user=people.alice, type=Authenticator.Type.WEBAUTHN, data=other.data)
    assert elsewhere.get("/").status_code == 200
