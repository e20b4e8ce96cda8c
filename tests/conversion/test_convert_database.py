"""`manage.py convert_database`: a database of the earlier layout goes on with today's tables, and nothing is lost.

What it was filled with is in earlier.py; every command here is a process of its own on that database.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from certs import vault
from certs.models import Secret
from onboarding.audit.chain import compute_digest
from onboarding.audit.models import ChainHead, Event, Format
from onboarding.notifications.models import OutboxEmail
from onboarding.people import invitations
from onboarding.people.models import Role
from tests.attacks.audit_tampering import Past, make_past
from tests.attacks.links import NEW, newest
from tests.conversion.earlier import Database, ask, empty_database, fill, schema_of
from tests.nightly import leave_to_the_night

pytestmark = pytest.mark.long
KINDS = ("postgresql", "sqlite")
both = pytest.mark.parametrize("database", KINDS, indirect=True)
one = pytest.mark.parametrize("database", leave_to_the_night(KINDS, but=KINDS[:1]), indirect=True)
PICTURE = b"\x89PNG what was seen"  # the evidence of make_past()


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Empty, of either kind."""
    with empty_database(request.param, tmp_path) as made:
        yield made


@pytest.fixture
def past(db: None, settings) -> Past:
    """A lived-in portal whose events are of the first format, as the earlier version wrote them."""
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    return make_past()


def write_events_in_the_first_format() -> None:
    """No format number, no replay, no MAC: what the earlier layout could store."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for head in ChainHead.objects.all():
            previous = ""
            for event in Event.objects.filter(chain=head.chain).order_by("number"):
                event.format, event.previous = Format.FIRST, previous
                event.data.pop("replay", None)
                event.digest = previous = compute_digest(event)
                event.save(force_update=True)
            head.digest, head.mac = previous, ""
            head.save()
        cursor.execute("SET LOCAL session_replication_role = origin")


def fill_with_a_past(database: Database, past: Past) -> tuple[str, dict[str, int]]:
    """Returns the path of an invitation that is still open, and how many rows each table got."""
    invitations.invite(company=past.people.one, email=NEW, role=Role.ADMIN, actor=past.people.alice)
    link = newest("/invitations/")
    write_events_in_the_first_format()
    OutboxEmail.objects.exclude(address="").delete()  # it knew no email to an address
    given = fill(database)
    with database.connection.cursor() as cursor:  # it kept files in the clear
        cursor.execute("UPDATE journey_evidence SET file = %s WHERE file_name = 'tile.png'", [PICTURE])
    database.connection.close()
    return link, given


@both
def test_a_lived_in_database_goes_on(database: Database, past: Past) -> None:
    secrets = {
        str(each.pk): hashlib.sha256(vault.open_secret(each)).hexdigest()
        for each in Secret.objects.filter(destroyed_at=None)
    }
    link, given = fill_with_a_past(database, past)

    refused = database.manage("migrate")
    assert refused.returncode
    assert "convert_database" in refused.stderr

    done = database.manage("convert_database")
    assert done.returncode == 0, done.stderr[-3000:]
    assert f"Converted: {sum(given.values())} rows of {len(given)} tables." in done.stdout
    given["certs_secret"] += 1  # the file of evidence, which the earlier layout kept in the clear
    for table, count in given.items():
        assert database.rows(f'SELECT count(*) FROM "{table}"')[0][0] == count, table

    commands = [("audit_check",), ("check_projection",), ("convert_database",), ("migrate", "--check")]
    answers = ask(database, link, *commands)
    assert "every chain is whole" in answers["audit_check"]
    assert "equals the facts" in answers["check_projection"]
    assert answers["convert_database"] == "This database needs no conversion."
    assert answers["page"][0] == 200
    assert "One Energy Ltd" in answers["page"][1]
    assert secrets
    assert secrets.items() <= answers["secrets"].items()
    assert hashlib.sha256(PICTURE).hexdigest() in answers["secrets"].values()  # sealed now


def test_its_tables_are_those_of_a_new_installation(past: Past, tmp_path: Path) -> None:
    with empty_database("postgresql", tmp_path) as database:
        fill_with_a_past(database, past)
        assert database.manage("convert_database").returncode == 0
        assert schema_of(database.connection) == schema_of(connection)


@one
def test_an_onboarding_gets_the_steps_that_are_newer_than_its_tables(database: Database, past: Past) -> None:
    fill_with_a_past(database, past)
    with database.connection.cursor() as cursor:
        if database.connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM journey_steprecord WHERE slug = 'dip-upload'")
        cursor.execute("SELECT min(id) FROM journey_steprecord WHERE slug = 'proof'")  # nothing refers to it
        (unused,) = cursor.fetchone()
        cursor.execute("SELECT 1 FROM journey_steprecord WHERE id = 1")
        if (
            cursor.fetchone() is None
        ):  # as in a database whose numbers began with 1: the new records come behind them
            cursor.execute("UPDATE journey_steprecord SET id = 1 WHERE id = %s", [unused])
    database.connection.close()
    done = database.manage("convert_database")
    assert done.returncode == 0, done.stderr[-3000:]
    found = database.rows("SELECT state, version FROM journey_steprecord WHERE slug = 'dip-upload'")
    assert found == [("locked", 0)] * 2
    for command in ("audit_check", "check_projection"):
        assert database.manage(command).returncode == 0


@one
def test_a_row_that_breaks_a_rule_stops_it_and_everything_stays(database: Database, past: Past) -> None:
    fill_with_a_past(database, past)
    database.rows("UPDATE journey_steprecord SET state = 'nowhere' WHERE slug = 'proof'")
    done = database.manage("convert_database")
    assert done.returncode == 1
    assert "Nothing was changed." in done.stderr
    assert "records_are_in_a_known_state" in done.stderr
    assert database.rows("SELECT count(*) FROM journey_steprecord WHERE state = 'nowhere'") == [(2,)]
    assert "convert_database" in database.manage("migrate").stderr
