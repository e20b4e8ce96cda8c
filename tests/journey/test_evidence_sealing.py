"""What an older version stored in the clear: `migrate` seals it, on SQLite too, and says so when it cannot.

On PostgreSQL, with pages and destruction, it is in tests/attacks/test_evidence.py.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from onboarding.journey.models import Evidence, Onboarding
from onboarding.journey.polling import expired_secrets
from tests.databases import on_postgresql
from tests.house.checkout import ROOT
from tests.people_fixtures import People, step

MARK = b"a sentence of an email that nobody else may read"
STORE = f"""
import django; django.setup()
from django.utils import timezone
from onboarding.journey import progress
from onboarding.journey.models import Evidence
from tests.people_fixtures import make_people
people = make_people()
case = progress.start(people.one, environment="uit", actor=people.alice)
kept = dict(record=case.steps.get(slug="quote"), by=people.alice, seen_on=timezone.now())
Evidence.objects.create(**kept, file_name="mail.eml", file={MARK!r})
"""
SEE = """
import django; django.setup()
from certs.evidence import files
from onboarding.journey.models import Evidence
row = Evidence.objects.get()
print(row.file, row.file_kind, row.file_size, files.fingerprint(files.content_of(row.stored_file)) == row.file_sha256)
"""


def _stored(onboarding: Onboarding, people: People, content: bytes) -> Evidence:
    record = step(onboarding, "quote")
    return Evidence.objects.create(
        record=record, by=people.alice, seen_on=timezone.now(), file_name="mail.eml", file=content
    )


@pytest.mark.nightly
def test_migrate_seals_what_lies_in_the_clear_on_sqlite(tmp_path: Path) -> None:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "PORTAL_MODE": "test"}
    env |= {"DATABASE_URL": f"sqlite:///{tmp_path}/portal.sqlite3", "REDIS_URL": "memory://"}

    def run(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("manage.py", "migrate", "--verbosity=0")
    run("-c", STORE)
    run("manage.py", "migrate", "--verbosity=0")
    assert run("-c", SEE).split() == ["None", "text", str(len(MARK)), "True"]
    assert "which is all" in run("manage.py", "vault", "verify")


def test_what_cannot_be_sealed_is_named_and_not_lost(people: People, onboarding: Onboarding) -> None:
    well = _stored(onboarding, people, MARK)
    large = _stored(onboarding, people, bytes(1024 * 1024 + 1))
    with pytest.raises(CommandError, match=f"evidence {large.pk} cannot be sealed.*run migrate again"):
        call_command("migrate", verbosity=0)
    well.refresh_from_db()
    large.refresh_from_db()
    assert (well.file, bool(well.stored_file)) == (None, True)
    assert (len(bytes(large.file or b"")), large.stored_file) == (1024 * 1024 + 1, None)


def test_what_an_older_container_stores_after_the_migration_is_sealed_within_the_hour(
    people: People, onboarding: Onboarding
) -> None:
    large, late = _stored(onboarding, people, bytes(1024 * 1024 + 1)), _stored(onboarding, people, MARK)
    expired_secrets.destroy_expired_secrets()
    late.refresh_from_db()
    assert (late.file, late.file_kind, late.file_size) == (None, "text", len(MARK))
    assert Evidence.objects.exclude(file=None).get() == large


@on_postgresql
def test_the_columns_of_evidence_take_what_an_older_container_writes(
    people: People, onboarding: Onboarding
) -> None:
    """It does not know the new ones: the database fills them."""
    row = _stored(onboarding, people, MARK)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journey_evidence (record_id, by_id, at, seen_on, note, file_name) "
            "VALUES (%s, %s, %s, %s, '', '') RETURNING file_kind, file_sha256, file_size, stored_file_id",
            [row.record_id, row.by_id, row.at, row.seen_on],
        )
        assert cursor.fetchone() == ("", "", None, None)
