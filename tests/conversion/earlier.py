"""A database of the earlier layout that holds what the test's own database holds.

Its tables are those of the version before (earlier_*.sql: made by that version's own migrations, no rows in them but
the list of migrations). The rows are today's, written under the names that they had.
"""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import dj_database_url
import psycopg
from django.apps import apps
from django.db import connection, connections

from onboarding.conversion.layout import COLUMNS, TABLES
from onboarding.notifications.models import OutboxEmail
from tests.portal_processes import ROOT

HERE = Path(__file__).parent
NEVER_COPIED = {"django_migrations", "django_content_type", "auth_permission", "auth_group_permissions"}


@dataclass(frozen=True, slots=True)
class Database:
    """Where it is, Django's connection to it, and the environment of processes that use it."""

    url: str
    connection: Any
    environment: dict[str, str]

    def manage(self, *command: str) -> subprocess.CompletedProcess[str]:
        """`manage.py` on this database."""
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What a query answers."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
            found = list(cursor.fetchall()) if cursor.description else []
        self.connection.close()  # another process may put another file in its place
        return found


@contextmanager
def empty_database(vendor: str, folder: Path) -> Iterator[Database]:
    """A database of our own, with the keys of this process."""
    if vendor == "sqlite":
        url = f"sqlite:///{folder / 'portal.sqlite3'}"
    else:
        address, name = urlsplit(os.environ["DATABASE_URL"]), f"earlier_{secrets.token_hex(4)}"
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
            server.execute(f'CREATE DATABASE "{name}"'.encode())
        url = urlunsplit(address._replace(path=f"/{name}"))
    made = _connection(url)
    try:
        yield Database(url, made, {**os.environ, "DATABASE_URL": url})
    finally:
        made.close()
        if vendor == "postgresql":
            with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
                server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def _connection(url: str) -> Any:
    """One that is in no list: Django's tests refuse every other database that is listed."""
    connections.databases["earlier"] = {
        **connection.settings_dict,
        "OPTIONS": {},
        **dj_database_url.parse(url),
    }
    made = connections.create_connection("earlier")
    del connections.databases["earlier"]
    return made


def fill(database: Database) -> dict[str, int]:
    """Make the tables and write the rows. Returns how many rows each of today's tables gave."""
    other = database.connection
    with other.cursor() as cursor:
        for statement in (HERE / f"earlier_{other.vendor}.sql").read_text().split(";\n"):
            if statement.strip():
                cursor.execute(statement)
    with other.constraint_checks_disabled(), other.cursor() as cursor:
        if other.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
        given = {model._meta.db_table: _write(other, cursor, model) for model in _models(other)}
    other.close()
    return given


def _models(other: Any) -> list[Any]:
    there = set(other.introspection.table_names())
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if _earlier_name(model) in there and model._meta.db_table not in NEVER_COPIED
    ]


def _earlier_name(model: Any) -> str:
    return TABLES.get(model._meta.db_table, model._meta.db_table)


def _write(other: Any, cursor: Any, model: Any) -> int:
    table, renamed = _earlier_name(model), COLUMNS.get(model._meta.db_table, {})
    cursor.execute(f"SELECT * FROM {other.ops.quote_name(table)} LIMIT 0")
    there = {column[0] for column in cursor.description}
    fields = {
        renamed.get(field.column, field.column): field
        for field in model._meta.concrete_fields
        if renamed.get(field.column, field.column) in there
    }
    columns = ", ".join(other.ops.quote_name(column) for column in fields)
    places = ", ".join(["%s"] * len(fields))
    rows = [
        [field.get_db_prep_save(getattr(row, field.attname), other) for field in fields.values()]
        for row in model._default_manager.all()
        # Emails to an address, whoever has an account there, are newer than these tables.
        if "address" in there or not (model is OutboxEmail and row.address)
    ]
    for values in rows:
        cursor.execute(f"INSERT INTO {other.ops.quote_name(table)} ({columns}) VALUES ({places})", values)
    return len(rows)


# What is asked of the converted database by a process of the portal that uses it: the answers as JSON.
ASK = """
import hashlib, io, json
from certs import vault
from certs.models import Secret
from django.core.management import call_command
from django.test import Client
def said_by(*command):
    out = io.StringIO()
    call_command(*command, stdout=out)
    return out.getvalue().strip()
answers = {command[0]: said_by(*command) for command in COMMANDS}
page = Client(HTTP_HOST="localhost").get(LINK, follow=True)
answers["page"] = [page.status_code, page.content.decode()]
secrets = Secret.objects.filter(destroyed_at=None)
answers["secrets"] = {str(each.pk): hashlib.sha256(vault.open_secret(each)).hexdigest() for each in secrets}
print(json.dumps(answers))
"""


def ask(database: Database, link: str, *commands: tuple[str, ...]) -> dict[str, Any]:
    """Run commands, follow a link and open every secret, on that database. A command that fails is an error."""
    script = ASK.replace("COMMANDS", repr(commands)).replace("LINK", repr(link))
    done = database.manage("shell", "--no-imports", "-c", script)
    assert done.returncode == 0, done.stderr[-3000:]
    answers: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answers


def schema_of(other: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Columns, constraints, indexes, triggers and functions of a PostgreSQL database, by kind."""
    with other.cursor() as cursor:
        found = {}
        for kind, sql in SCHEMA.items():
            cursor.execute(sql)
            found[kind] = sorted(cursor.fetchall())
    return found


SCHEMA = {
    "columns": "SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length "
    "FROM information_schema.columns WHERE table_schema = 'public'",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "functions": "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "schemas": "SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg_%%'",
}
