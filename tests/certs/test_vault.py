"""The vault: AES-256-GCM, bound to purpose, company and record; moved, changed or destroyed nothing opens."""

from __future__ import annotations

import copy
import pickle
import re
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter
from pytest_django.fixtures import Settings

from certs import clock, vault
from certs.models import Secret
from certs.signals import secret_not_opened
from certs.vault import VaultError, destroy, destroy_all, open_secret, rewrap, seal

PLAINTEXT = b"the secret that nobody sees"
OLD, NEW = ("old", b"o" * 32), ("new", b"n" * 32)

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret(company: UUID) -> Secret:
    return seal(purpose="api-secret", company_id=company, record_id=uuid4(), plaintext=PLAINTEXT)


def keys(settings: Settings, *names: tuple[str, bytes]) -> None:
    settings.PORTAL = settings.PORTAL.model_copy(update={"vault_keys": names})


def test_what_was_sealed_opens(secret: Secret) -> None:
    assert open_secret(Secret.objects.get(pk=secret.pk)) == PLAINTEXT


def test_nothing_in_the_row_shows_it(secret: Secret) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM certs_secret")
        row = cursor.fetchone()
    assert PLAINTEXT not in b"".join(bytes(part) for part in row if isinstance(part, bytes | memoryview))
    assert len(bytes(secret.ciphertext or b"")) == 12 + len(PLAINTEXT) + 16


def test_equal_secrets_have_unlike_rows(company: UUID) -> None:
    record = uuid4()
    one, two = (
        seal(purpose="pfx", company_id=company, record_id=record, plaintext=PLAINTEXT) for _ in range(2)
    )
    assert one.ciphertext != two.ciphertext
    assert one.wrapped_key != two.wrapped_key


@pytest.mark.parametrize("field", ["purpose", "company_id", "record_id"])
def test_moved_to_another_place_it_does_not_open(secret: Secret, field: str) -> None:
    setattr(secret, field, "private-key" if field == "purpose" else uuid4())
    with pytest.raises(VaultError, match="moved"):
        open_secret(secret)


@pytest.mark.parametrize("field", ["ciphertext", "wrapped_key"])
def test_taken_from_another_row_it_does_not_open(secret: Secret, company: UUID, field: str) -> None:
    other = seal(purpose="api-secret", company_id=company, record_id=secret.record_id, plaintext=b"other")
    setattr(secret, field, getattr(other, field))
    with pytest.raises(VaultError):
        open_secret(secret)


@pytest.mark.parametrize("field", ["ciphertext", "wrapped_key"])
@pytest.mark.parametrize("at", [0, 11, 12, -17, -1])
def test_a_changed_byte_is_noticed(secret: Secret, field: str, at: int) -> None:
    changed = bytearray(getattr(secret, field))
    changed[at] ^= 1
    setattr(secret, field, bytes(changed))
    with pytest.raises(VaultError, match="changed"):
        open_secret(secret)


@pytest.mark.parametrize("left", [b"", b"short", b"x" * 27])
def test_a_cut_ciphertext_is_noticed(secret: Secret, left: bytes) -> None:
    secret.ciphertext = left
    with pytest.raises(VaultError):
        open_secret(secret)


def test_the_newest_key_seals_and_every_configured_one_opens(settings: Settings, company: UUID) -> None:
    keys(settings, OLD)
    before = seal(purpose="pfx", company_id=company, record_id=uuid4(), plaintext=PLAINTEXT)
    keys(settings, NEW, OLD)
    after = seal(purpose="pfx", company_id=company, record_id=uuid4(), plaintext=PLAINTEXT)
    assert (before.key_id, after.key_id) == ("old", "new")
    assert open_secret(before) == open_secret(after) == PLAINTEXT


def test_a_key_that_is_not_configured_is_named(settings: Settings, secret: Secret) -> None:
    keys(settings, NEW)
    with pytest.raises(VaultError, match=f"named {secret.key_id} is not configured"):
        open_secret(secret)


def test_a_wrong_key_under_the_right_name_opens_nothing(settings: Settings, secret: Secret) -> None:
    keys(settings, (secret.key_id, b"w" * 32))
    with pytest.raises(VaultError):
        open_secret(secret)


def test_rewrapping_lets_the_old_key_go(settings: Settings, company: UUID) -> None:
    keys(settings, OLD)
    secrets = [
        seal(purpose="pfx", company_id=company, record_id=uuid4(), plaintext=PLAINTEXT) for _ in range(3)
    ]
    destroy(secrets[2])
    ciphertexts = [bytes(secret.ciphertext or b"") for secret in secrets[:2]]
    keys(settings, NEW, OLD)
    assert rewrap() == vault.RewrapResult(moved=2, current=0, failed=())
    keys(settings, NEW)
    for secret, ciphertext in zip(secrets[:2], ciphertexts, strict=True):
        secret.refresh_from_db()
        assert open_secret(secret) == PLAINTEXT
        assert bytes(secret.ciphertext or b"") == ciphertext
    assert rewrap() == vault.RewrapResult(moved=0, current=2, failed=())


def test_one_secret_that_cannot_be_opened_does_not_stop_the_others(settings: Settings, company: UUID) -> None:
    keys(settings, OLD)
    lost, good = (
        seal(purpose="pfx", company_id=company, record_id=uuid4(), plaintext=PLAINTEXT) for _ in range(2)
    )
    Secret.objects.filter(pk=lost.pk).update(wrapped_key=b"x" * 60)
    keys(settings, NEW, OLD)
    assert rewrap() == vault.RewrapResult(moved=1, current=0, failed=(lost.pk,))
    good.refresh_from_db()
    assert good.key_id == "new"


def test_the_command_rewraps_and_says_how_many(settings: Settings, company: UUID) -> None:
    keys(settings, OLD)
    one = seal(purpose="pfx", company_id=company, record_id=uuid4(), plaintext=PLAINTEXT)
    keys(settings, NEW, OLD)
    call_command("vault", "rotate", stdout=(said := StringIO()))
    assert "now: 1. Already before: 0." in said.getvalue()
    assert "Older keys can be taken out" in said.getvalue()
    Secret.objects.filter(pk=one.pk).update(key_id="lost")
    with pytest.raises(CommandError, match=str(one.pk)):
        call_command("vault", "rotate", stdout=StringIO())


def test_destroying_leaves_the_dates_and_nothing_else(secret: Secret) -> None:
    at = destroy(secret)
    kept = Secret.objects.get(pk=secret.pk)
    assert (kept.ciphertext, kept.wrapped_key, kept.destroyed_at) == (None, None, at)
    with pytest.raises(VaultError, match="destroyed"):
        open_secret(kept)
    assert destroy(kept) == at


def test_only_the_one_that_is_meant_is_destroyed_and_it_knows(secret: Secret, company: UUID) -> None:
    other = seal(purpose="pfx", company_id=company, record_id=uuid4(), plaintext=PLAINTEXT)
    stale = Secret.objects.get(pk=secret.pk)
    at = destroy(secret)
    assert (secret.ciphertext, secret.wrapped_key, secret.destroyed_at) == (None, None, at)
    assert destroy(stale) == at
    assert open_secret(Secret.objects.get(pk=other.pk)) == PLAINTEXT
    assert (destroy_all(Secret.objects.all()), destroy_all(Secret.objects.all())) == (1, 0)
    assert not Secret.objects.exclude(ciphertext=None, wrapped_key=None).exists()
    assert Secret.objects.get(pk=secret.pk).destroyed_at == at
    assert Secret.objects.get(pk=other.pk).destroyed_at


@pytest.mark.parametrize(
    "change", [{"destroyed_at": clock.now()}, {"ciphertext": None}, {"wrapped_key": None}]
)
def test_what_is_destroyed_by_any_sign_does_not_open(secret: Secret, change: dict[str, Any]) -> None:
    for name, value in change.items():
        setattr(secret, name, value)
    with pytest.raises(VaultError, match="This secret was destroyed"):
        open_secret(secret)


def test_one_that_does_not_open_is_told_to_who_listens(secret: Secret) -> None:
    told: list[tuple[type, Secret]] = []

    def listen(sender: type, secret: Secret, **_: Any) -> None:
        told.append((sender, secret))

    secret_not_opened.connect(listen)
    try:
        open_secret(secret)
        secret.purpose = "pfx"
        with pytest.raises(VaultError):
            open_secret(secret)
    finally:
        secret_not_opened.disconnect(listen)
    assert told == [(Secret, secret)]


def test_one_that_is_destroyed_while_it_is_rewrapped_stays_destroyed(
    settings: Settings, secret: Secret
) -> None:
    keys(settings, NEW, settings.PORTAL.vault_keys[0])
    stale = Secret.objects.get(pk=secret.pk)
    destroy(secret)
    assert vault._rewrap_one(stale, "new") == 0
    secret.refresh_from_db()
    assert (secret.wrapped_key, secret.key_id) == (None, stale.key_id)


def test_an_old_copy_in_memory_does_not_bring_it_back(secret: Secret) -> None:
    copy_of_row = Secret.objects.get(pk=secret.pk)
    destroy(secret)
    with pytest.raises(IntegrityError), transaction.atomic():
        Secret.objects.filter(pk=copy_of_row.pk).update(ciphertext=copy_of_row.ciphertext)


@pytest.mark.parametrize("length", [0, 1_048_577])
def test_nothing_and_too_much_are_refused(company: UUID, length: int) -> None:
    with pytest.raises(VaultError, match="Nothing, or too much, was given to keep"):
        seal(purpose="pfx", company_id=company, record_id=uuid4(), plaintext=b"x" * length)


@pytest.mark.parametrize("length", [1, 1_048_576])
def test_the_smallest_and_the_largest_open_again(company: UUID, length: int) -> None:
    kept = seal(purpose="pfx", company_id=company, record_id=uuid4(), plaintext=b"x" * length)
    assert open_secret(Secret.objects.get(pk=kept.pk)) == b"x" * length


@pytest.mark.parametrize("purpose", ["", "A", "a|b", "a b", "x" * 41])
def test_a_purpose_cannot_be_mistaken_for_another_part(company: UUID, purpose: str) -> None:
    with pytest.raises(ValueError, match="purpose"):
        seal(purpose=purpose, company_id=company, record_id=uuid4(), plaintext=b"x")


def test_no_text_form_of_a_secret_says_anything(secret: Secret) -> None:
    assert (repr(secret), str(secret)) == ("<Secret>", "a secret")
    for leave in (pickle.dumps, copy.copy):
        with pytest.raises(TypeError):
            leave(secret)


def in_a_report(error: BaseException) -> tuple[str, dict[str, bool]]:
    """Django's report of an error, and for each function of the vault in it: is every variable starred out?"""
    reporter = ExceptionReporter(None, type(error), error, error.__traceback__)
    ours = [frame for frame in reporter.get_traceback_frames() if frame["filename"] == vault.__file__]
    stars = SafeExceptionReporterFilter.cleansed_substitute
    hidden = {frame["function"]: all(stars in value for _, value in frame["vars"]) for frame in ours}
    return reporter.get_traceback_html(), hidden


def test_a_report_of_an_error_shows_no_variable_of_what_seals_and_opens(
    settings: Settings, secret: Secret
) -> None:
    own, hidden = settings.PORTAL.vault_keys[0], {}
    keys(settings, (secret.key_id, b"w" * 32))
    with pytest.raises(VaultError) as changed:
        open_secret(secret)
    keys(settings, OLD)
    with pytest.raises(VaultError) as lost:
        open_secret(secret)
    keys(settings, ("short", PLAINTEXT))
    with pytest.raises(ValueError, match="key must be") as not_sealed:
        seal(purpose="pfx", company_id=secret.company_id, record_id=uuid4(), plaintext=PLAINTEXT)
    keys(settings, ("short", PLAINTEXT), own)
    with pytest.raises(ValueError, match="key must be") as not_wrapped:
        rewrap()
    for caught in (changed, lost, not_sealed, not_wrapped):
        shown, of_functions = in_a_report(caught.value)
        assert PLAINTEXT.decode() not in shown
        hidden.update(of_functions)
    assert (
        hidden.pop("rewrap") is False
    )  # it holds names of keys and rows, and shows that the others would be seen
    names = (
        "seal",
        "encrypt",
        "open_secret",
        "_rewrap_one",
        "_data_key",
        "_wrapping_key",
        "_encrypt",
        "_decrypt",
    )
    assert hidden == dict.fromkeys(names, True)


def test_no_other_file_of_the_product_touches_a_cipher() -> None:
    ciphers = re.compile(r"AESGCM|AESCCM|AESOCB3|AESSIV|ChaCha20|Fernet|\.aead\b|primitives\.ciphers")
    top = Path(vault.__file__).parent.parent
    files = [path for room in ("certs", "onboarding", "config") for path in (top / room).rglob("*.py")]
    assert len(files) > 20
    found = {path.name for path in files if ciphers.search(path.read_text("utf-8"))}
    assert found == {
        "vault.py",
        "pfx_decryption.py",
    }  # the second opens files of others, in a process of its own
