"""The maintenance of the vault: missing keys stop the start, everything opens where it belongs, or it is named.

Sealing and rotating are tested in test_vault.py.
"""

import os
import subprocess
import sys
from io import StringIO
from uuid import UUID, uuid4

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django.fixtures import Settings

from certs import credentials, csr, vault, vault_maintenance
from certs.credentials import Credentials
from certs.models import ApiCredential, Secret
from tests.certs.test_vault import NEW, OLD, keys

WEB = "import config.wsgi"
WORKER = "from config.celery import app; app.Worker(concurrency=1, pool='solo').start()"

pytestmark = pytest.mark.django_db


@pytest.fixture
def credential(company: UUID, case: UUID) -> ApiCredential:
    given = Credentials("0123456789abcdef", "0123456789abcdef0123456789abcdef01234567")
    return credentials.store(company, case, given, "one")


def test_all_is_well_with_what_the_rooms_store(request_with_key, credential) -> None:
    assert vault_maintenance.verify() == vault_maintenance.Verification(intact=3, damages={})
    call_command("vault", "verify", stdout=(said := StringIO()))
    assert "belong: 3, which is all" in said.getvalue()


def test_what_was_destroyed_is_not_asked_for(request_with_key, credential) -> None:
    vault.destroy(credential.secret)
    assert vault_maintenance.verify().intact == 2


def test_two_secrets_that_changed_places_are_named(credential) -> None:
    one, two = credential.key, credential.secret
    Secret.objects.filter(pk=one.pk).update(ciphertext=two.ciphertext, wrapped_key=two.wrapped_key)
    assert set(vault_maintenance.verify().damages) == {one.pk}
    with pytest.raises(CommandError, match="1 secrets are not well; 1 are"):
        call_command("vault", "verify", stdout=StringIO(), stderr=(said := StringIO()))
    assert f"{one.pk}: This secret does not open here" in said.getvalue()


def test_a_row_that_took_somebody_elses_secret_is_named(company, case, credential) -> None:
    other = vault.seal(
        purpose=csr.KEY_PURPOSE, company_id=company, record_id=uuid4(), plaintext=b"of another row"
    )
    left = credential.key
    ApiCredential.objects.filter(pk=credential.pk).update(key=other)
    assert vault_maintenance.verify().damages == {
        other.pk: "The row that owns this secret is not the one it was sealed for.",
        left.pk: "No row owns this secret.",
    }


def test_the_tally_says_what_is_left_to_rotate(settings: Settings, company: UUID) -> None:
    for names in ((OLD,), (OLD,), (("lost", b"l" * 32),), (NEW,)):
        keys(settings, *names)
        vault.seal(purpose="pfx", company_id=company, record_id=uuid4(), plaintext=b"x")
    keys(settings, NEW, OLD)
    assert vault_maintenance.count_secrets() == vault_maintenance.SecretCounts(newest=1, older=2, unknown=1)
    assert vault_maintenance.missing_keys() == ["lost"]
    vault.rewrap()
    assert vault_maintenance.count_secrets() == vault_maintenance.SecretCounts(newest=3, older=0, unknown=1)


def test_the_start_stops_with_the_name_of_the_key(
    settings: Settings, company: UUID, capsys: pytest.CaptureFixture[str]
) -> None:
    vault_maintenance.require_keys()
    keys(settings, OLD)
    vault.seal(purpose="pfx", company_id=company, record_id=uuid4(), plaintext=b"x")
    keys(settings, NEW)
    with pytest.raises(SystemExit):
        vault_maintenance.require_keys()
    assert "VAULT_KEYS lacks old, which stored secrets need." in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("start", [WEB, WORKER], ids=["web", "worker"])
def test_neither_web_nor_worker_starts_without_it(settings: Settings, company: UUID, start: str) -> None:
    keys(settings, OLD)
    vault.seal(purpose="pfx", company_id=company, record_id=uuid4(), plaintext=b"x")
    url = django_settings.PORTAL.database_url.rpartition("/")[0] + f"/{connection.settings_dict['NAME']}"
    environ = {**os.environ, "DATABASE_URL": url, "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, "-c", start], env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2, done.stderr
    assert done.stderr.endswith(
        "The portal cannot start:\n  VAULT_KEYS lacks old, which stored secrets need. Put it back behind the newest "
        "key; `manage.py vault rotate` then makes it superfluous.\n"
    )
