"""The database role as which web, worker and beat run: it can add events and read them, and change no table's shape.

PostgreSQL only. The owner of the tables runs this after each `migrate` (`manage.py grant_runtime_role`).
"""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.db import DatabaseError, connection, transaction
from psycopg import errors, sql

LOCK = 0x61756469  # one run at a time: two that grant at once would make each other fail
# What the role may do with tables that hold what happened; with every other table it may do what rows are for.
RIGHTS_BY_TABLE = {
    "audit_event": ("SELECT", "INSERT"),
    "audit_chainhead": ("SELECT", "INSERT", "UPDATE"),
    "django_migrations": ("SELECT",),
}
USUAL_RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE")


class GrantFailed(Exception):
    """The role cannot be made or would not be less than the owner; the sentence says what to do."""


def grant_runtime_role(url: str) -> str:
    """Make the role of this address, or bring it in line, and give it exactly what the portal needs; its name.

    Safe to run again. Raises CannotGrant.
    """
    address = urlsplit(url)
    name, password = unquote(address.username or ""), unquote(address.password or "")
    if not name:
        raise GrantFailed(
            "RUNTIME_DATABASE_URL names no role. Write it like postgres://role:password@host/name."
        )
    try:
        with transaction.atomic():
            _execute(sql.SQL("SELECT pg_advisory_xact_lock({})").format(LOCK))
            _require_another_role(name)
            _create_role(name, password)
            _require_fewer_rights(name)
            _grant_rights(name)
            _require_granted_rights(name)
    except DatabaseError as error:
        if isinstance(error.__cause__, errors.InsufficientPrivilege):
            raise GrantFailed(f"The owner of the tables may not do this: {error.__cause__}".strip()) from None
        raise
    return name


def _require_another_role(name: str) -> None:
    if _fetch_value("SELECT current_user") == name:
        raise GrantFailed(
            f"DATABASE_URL and RUNTIME_DATABASE_URL both name the role {name}. DATABASE_URL must be the owner's here."
        )


def _create_role(name: str, password: str) -> None:
    """The password leaves as a SCRAM verifier, so that no log of the server holds it."""
    known = _fetch_value("SELECT count(*) FROM pg_roles WHERE rolname = %(name)s", {"name": name})
    role = sql.Identifier(name)
    if not known:
        _execute(sql.SQL("CREATE ROLE {}").format(role))
    limits = "LOGIN NOINHERIT NOCREATEDB NOCREATEROLE"
    if _fetch_value(
        "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
    ):  # nobody else may even name these
        limits += " NOSUPERUSER NOREPLICATION NOBYPASSRLS"
    _execute(sql.SQL("ALTER ROLE {} " + limits).format(role))
    if password:
        verifier = connection.connection.pgconn.encrypt_password(
            password.encode(), name.encode(), b"scram-sha-256"
        )
        _execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(role, verifier.decode()))


def _require_fewer_rights(name: str) -> None:
    """A role that is a member of another, or owns a table, could do what it must not."""
    groups = _fetch_value(
        "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = %(name)s",
        {"name": name},
    )
    owned = _fetch_value(
        "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = %(name)s",
        {"name": name},
    )
    above = _fetch_value(
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %(name)s", {"name": name}
    )
    if groups or owned or above:
        raise GrantFailed(
            f"The role {name} is a superuser, belongs to another role or owns tables here. Name a new one in "
            "RUNTIME_DATABASE_URL: it is made for you."
        )


def _grant_rights(name: str) -> None:
    role = sql.Identifier(name)
    schema, database = (
        sql.Identifier(_fetch_value(f"SELECT {what}()")) for what in ("current_schema", "current_database")
    )
    places = {"role": role, "schema": schema, "database": database, "usual": _join_rights(USUAL_RIGHTS)}
    for statement in (
        "REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM PUBLIC, {role}",
        "GRANT CONNECT ON DATABASE {database} TO {role}",
        "REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {role}",
        "GRANT USAGE ON SCHEMA {schema} TO {role}",
        "REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC, {role}",
        "GRANT {usual} ON ALL TABLES IN SCHEMA {schema} TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT {usual} ON TABLES TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {role}",
    ):
        _execute(sql.SQL(statement).format(**places))
    for table, rights in RIGHTS_BY_TABLE.items():
        on = {**places, "table": sql.Identifier(table), "rights": _join_rights(rights)}
        _execute(sql.SQL("REVOKE ALL ON TABLE {table} FROM {role}").format(**on))
        _execute(sql.SQL("GRANT {rights} ON TABLE {table} TO {role}").format(**on))


def _require_granted_rights(name: str) -> None:
    """PostgreSQL only warns when whoever grants or revokes may not, and goes on."""
    missing = _fetch_value(
        "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() "
        "AND NOT has_table_privilege(%(name)s, format('%%I.%%I', schemaname, tablename), 'SELECT')",
        {"name": name},
    )
    too_much = _fetch_value(
        "SELECT has_table_privilege(%(name)s, 'audit_event', 'UPDATE, DELETE, TRUNCATE') "
        "OR has_table_privilege(%(name)s, 'audit_chainhead', 'DELETE, TRUNCATE') "
        "OR has_schema_privilege(%(name)s, current_schema(), 'CREATE')",
        {"name": name},
    )
    if missing or too_much:
        raise GrantFailed(
            f"The role {name} did not get what it needs, or could not be refused what it must not do. "
            "Run this as the owner of the database and of its tables."
        )


def _join_rights(rights: tuple[str, ...]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.SQL, rights))


def _execute(statement: sql.Composed) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _fetch_value(question: str, values: dict[str, str] | None = None) -> Any:
    """The one value that the question is answered with."""
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        (answer,) = cursor.fetchone()
    return answer
