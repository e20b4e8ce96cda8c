"""Whoever takes over web or a worker must not change or remove what happened, nor switch off what protects it.

A database of its own, migrated by its owner; the attacker signs in to PostgreSQL as the role of the running portal.
"""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from pydantic import SecretStr

from tests.house.checkout import ROOT

NAME = f"runtime_{secrets.token_hex(4)}"
AT_WORK = """
from django.core.management import call_command
from onboarding.journey import progress
from onboarding.people import invitations
from onboarding.people.company_creation import create_company
from onboarding.people.models import Role, User
from tests.journey.step_actions import bring_to, perform, step_action
from tests.people_fixtures import People

call_command("add_ops", "olga@dip.example", "--name", "Olga Test")
olga = User.objects.get(is_ops=True)
one = create_company(name="One", number="", admin_name="Alice", admin_email="alice@one.example", actor=olga)
alice = User.objects.get(email="alice@one.example")
asked = invitations.invite(company=one, email="bob@one.example", role=Role.ADMIN, actor=alice)
bob = invitations.join(asked.token_hash, name="Bob", password="a phrase that is long enough")
people = People(one=one, two=one, alice=alice, bob=bob, tess=bob, rhea=bob, charlie=bob, olga=olga)
onboarding = progress.start(one, environment="uit", actor=alice)
bring_to(onboarding, people, step_action("verification", waits=True))
perform(onboarding, people, step_action("verification", waits=True))
for command in ("clearsessions", "audit_check", "check_projection"):
    call_command(command)
"""
TWICE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("grant_runtime_role")
call_command("grant_runtime_role")
"""
ON_SQLITE = """
from django.core.management import call_command
from django.db import IntegrityError, connection
call_command("migrate", verbosity=0)
call_command("add_ops", "olga@dip.example", "--name", "Olga")
call_command("audit_check")
for statement in ("UPDATE audit_event SET step = ''", "DELETE FROM audit_event", "DELETE FROM audit_chainhead",
                  "UPDATE audit_chainhead SET length = 0"):
    try:
        connection.cursor().execute(statement)
        print("done:", statement)
    except IntegrityError as error:
        print("refused:", error)
"""


def _address(role: str = "", password: str = "", database: str = NAME) -> str:
    """The test server's, for another role and database."""
    server = urlsplit(os.environ["DATABASE_URL"])
    place = server.netloc.rpartition("@")[2]
    return urlunsplit(
        server._replace(netloc=f"{role}:{password}@{place}" if role else server.netloc, path=database)
    )


RUNTIME = _address(NAME, "made-for-the-tests")


def _run(script: str, **environment: str) -> str:
    """In a process of its own, with the portal's own settings; what it printed."""
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", script],
        cwd=ROOT,
        env={
            **os.environ,
            "PORTAL_MODE": "test",
            "REDIS_URL": "memory://",
            "AUDIT_KEY": "a" * 40,
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def granted() -> Iterator[str]:
    """Migrated and granted, by the owner; what `grant_runtime_role` said, twice."""
    with closing(psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)) as server:
        server.execute(f'CREATE DATABASE "{NAME}"'.encode())
        try:
            yield _run(TWICE, DATABASE_URL=_address(), RUNTIME_DATABASE_URL=RUNTIME)
        finally:
            server.execute(f'DROP DATABASE "{NAME}" WITH (FORCE)'.encode())
            server.execute(f'DROP ROLE IF EXISTS "{NAME}"'.encode())


@pytest.fixture(scope="module")
def worked(granted: str) -> str:
    """The portal has worked as its role: ops, a company, an invitation, six steps of an onboarding, checks."""
    return _run(AT_WORK, DATABASE_URL=RUNTIME)


def test_the_portal_does_not_need_more_than_its_role_may(worked: str) -> None:
    assert "every chain is whole, and the tables say the same" in worked
    assert "every projection equals the facts" in worked


def test_granting_again_is_not_refused(granted: str) -> None:
    assert granted.count("may add and read events") == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET step = step",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "DELETE FROM audit_chainhead",
        "TRUNCATE audit_chainhead",
        "UPDATE audit_chainhead SET length = length - 1",
        "UPDATE audit_chainhead SET chain = 'another' WHERE chain = 'installation'",
        "DROP TABLE audit_event",
        "DROP TRIGGER events_are_only_added ON audit_event",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        "ALTER TABLE audit_event ADD COLUMN x int",
        "ALTER TABLE audit_event OWNER TO CURRENT_USER",
        "CREATE RULE nothing AS ON INSERT TO audit_event DO INSTEAD NOTHING",
        "CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "DROP FUNCTION audit_refuse_change() CASCADE",
        "SET session_replication_role = replica",
        "CREATE TABLE mine (x int)",
        "CREATE TEMPORARY TABLE audit_event (x int)",
        "CREATE SCHEMA mine",
        "GRANT UPDATE ON audit_event TO CURRENT_USER; UPDATE audit_event SET step = ''",  # the first only warns
        "CREATE ROLE another SUPERUSER",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "SET ROLE portal",
        "DELETE FROM django_migrations",
        "COPY audit_event TO PROGRAM 'cat'",
    ],
)
def test_the_role_of_the_portal_is_not_let_do_it(worked: str, statement: str) -> None:
    with closing(psycopg.connect(RUNTIME, autocommit=True)) as attacker:
        before = attacker.execute("SELECT count(*), max(length) FROM audit_event, audit_chainhead").fetchone()
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.RestrictViolation)):
            attacker.execute(statement.encode())
        after = attacker.execute("SELECT count(*), max(length) FROM audit_event, audit_chainhead").fetchone()
        assert after == before
        attacker.execute(
            "UPDATE people_company SET number = '1' WHERE slug = 'one'"
        )  # rows are what it is for


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_event SET step = ''", "DELETE FROM audit_event", "TRUNCATE audit_event"]
)
def test_the_owner_does_not_change_events_by_mistake(worked: str, statement: str) -> None:
    """A superuser can switch a trigger off; an `UPDATE` typed in the wrong window cannot."""
    with (
        closing(psycopg.connect(_address(), autocommit=True)) as owner,
        pytest.raises(psycopg.errors.RestrictViolation, match="Events are only ever added"),
    ):
        owner.execute(statement.encode())


def test_the_password_is_not_stored_or_sent_in_clear(granted: str) -> None:
    with closing(psycopg.connect(_address())) as owner:
        stored = owner.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", (NAME,)).fetchone()
    assert stored is not None
    assert stored[0].startswith("SCRAM-SHA-256$")


def test_tables_to_come_are_not_forgotten(granted: str) -> None:
    """A later version's migration makes a table: the role may use it before anybody grants again."""
    with closing(psycopg.connect(_address(), autocommit=True)) as owner:
        owner.execute("CREATE TABLE to_come (id bigserial PRIMARY KEY, x int)")
        with closing(psycopg.connect(RUNTIME, autocommit=True)) as portal:
            assert portal.execute("INSERT INTO to_come (x) VALUES (1) RETURNING id").fetchone() == (1,)
            assert portal.execute("UPDATE to_come SET x = 2 WHERE x = 1").rowcount == 1
            assert portal.execute("DELETE FROM to_come WHERE x = 2").rowcount == 1
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                portal.execute("DROP TABLE to_come")
        owner.execute("DROP TABLE to_come")


def _grant(settings: Any, url: str) -> str:
    """`grant_runtime_role` on the tests' own database, by its owner."""
    portal = settings.PORTAL.model_copy(update={"runtime_database_url": SecretStr(url)})
    settings.PORTAL = portal
    said = StringIO()
    call_command("grant_runtime_role", stdout=said)
    return said.getvalue()


@pytest.mark.django_db
def test_an_owner_is_not_taken_for_a_lesser_role(settings: Any) -> None:
    for url, sentence in (
        (f"{os.environ['DATABASE_URL']}?application_name=x", "both name the role"),
        ("postgres:///portal", "names no role"),
    ):
        with pytest.raises(CommandError, match=sentence):
            _grant(settings, url)


@pytest.mark.django_db
def test_a_superuser_or_a_member_of_the_owner_is_not_taken_for_a_lesser_role(settings: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE ROLE "{NAME}_too"')
        cursor.execute(f'GRANT pg_write_all_data TO "{NAME}_too"')
    with pytest.raises(CommandError, match="belongs to another role"):
        _grant(settings, _address(f"{NAME}_too", "x"))


@pytest.mark.django_db
def test_one_role_for_everything_is_not_passed_over_in_silence(settings: Any) -> None:
    said = _grant(settings, settings.PORTAL.database_url)
    assert "connects as the owner of the tables" in said


def test_sqlite_does_not_lose_or_change_an_event(tmp_path: Path) -> None:
    """The one-process demonstration has the triggers only."""
    said = _run(ON_SQLITE, DATABASE_URL=f"sqlite:///{tmp_path / 'portal.sqlite3'}")
    assert "every chain is whole" in said
    assert said.count("refused:") == 4, said
