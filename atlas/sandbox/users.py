"""The users of an account in Atlas: added, listed, removed. Who may sign in to the pages is decided there."""

from __future__ import annotations

import json
from sqlite3 import Connection, Row
from typing import Any

from atlas.sandbox import clock as times
from atlas.sandbox import fields, mail
from atlas.sandbox.app_state import AppState
from atlas.sandbox.clock import iso
from atlas.sandbox.problems import not_found, not_now
from atlas.sandbox.store import new_id

ADMINISTRATOR = "Administrator"
ROLES = (ADMINISTRATOR, "Manage Certificates", "Manage Identities", "Manage Credentials")
NEW_USER = fields.required(
    {"name": fields.text(), "email": fields.EMAIL, "roles": fields.some(fields.one_of(*ROLES), len(ROLES))}
)


def shown(row: Row) -> dict[str, Any]:
    """A user as the account API shows it."""
    return {
        "user_id": row["user_id"],
        "name": row["name"],
        "email": row["email"],
        "roles": json.loads(row["roles"]),
        "added_at": iso(row["added_at"]),
    }


def of_account(state: AppState, account_id: str) -> list[dict[str, Any]]:
    """The users of an account, oldest first."""
    with state.store.transaction() as db:
        rows = db.execute("SELECT * FROM user WHERE account_id = ? ORDER BY number", (account_id,)).fetchall()
    return [shown(row) for row in rows]


def get(state: AppState, account_id: str, user_id: str) -> dict[str, Any]:
    """One user. Raises Refusal 404."""
    with state.store.transaction() as db:
        return shown(_row_of(db, account_id, user_id))


def add(state: AppState, account: Row, body: object) -> dict[str, Any]:
    """Add a user, who gets an email. Raises Refusal 409 for an email address in use anywhere in Atlas."""
    form = fields.read(body, NEW_USER)
    now = state.clock.now()
    with state.store.transaction() as db:
        if account["accepted_at"] is None:
            raise not_now("Accept the invitation first.")
        if db.execute("SELECT 1 FROM user WHERE email = ?", (form["email"],)).fetchone():
            raise not_now("This email address is already in use in Atlas.")
        roles = fields.in_order(form["roles"], ROLES)
        user_id = _insert(db, account["account_id"], form["name"], form["email"], roles, now)
        moment = state.clock.after(now, times.mail_delay(user_id, "new-user"))
        facts = {"name": form["name"], "company": account["company_name"], "roles": ", ".join(roles)}
        mail.schedule(db, account["account_id"], "NEW_USER", form["email"], moment, user_id, **facts)
        return shown(_row_of(db, account["account_id"], user_id))


def add_contact(db: Connection, account: Row, now: float) -> None:
    """The contact is the first Administrator. One person may be the contact of several accounts."""
    _insert(
        db, account["account_id"], account["contact_name"], account["contact_email"], [ADMINISTRATOR], now
    )


def remove(state: AppState, account_id: str, user_id: str) -> None:
    """Remove a user. Raises Refusal 404, or 409 for the last Administrator."""
    with state.store.transaction() as db:
        _row_of(db, account_id, user_id)
        others = db.execute(
            "SELECT roles FROM user WHERE account_id = ? AND user_id <> ?", (account_id, user_id)
        ).fetchall()
        if not any(ADMINISTRATOR in json.loads(row["roles"]) for row in others):
            raise not_now("The last Administrator cannot be removed.")
        db.execute("DELETE FROM user WHERE user_id = ?", (user_id,))
        mail.withdraw_unsent(db, account_id, "NEW_USER", state.clock.now(), user_id)


def _insert(db: Connection, account_id: str, name: str, email: str, roles: list[str], now: float) -> str:
    user_id = new_id("U")
    db.execute(
        "INSERT INTO user (user_id, account_id, name, email, roles, added_at) VALUES (?, ?, ?, ?, ?, ?)",
        (user_id, account_id, name, email, json.dumps(roles), now),
    )
    return user_id


def _row_of(db: Connection, account_id: str, user_id: str) -> Row:
    row: Row | None = db.execute(
        "SELECT * FROM user WHERE account_id = ? AND user_id = ?", (account_id, user_id)
    ).fetchone()
    if row is None:
        raise not_found()
    return row
