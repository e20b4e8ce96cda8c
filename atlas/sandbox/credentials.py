"""API credentials of an account: generated, listed, found by key. A secret is kept as a hash only."""

from __future__ import annotations

import hmac
import secrets
from sqlite3 import Connection, Row
from typing import Any

from atlas.sandbox import fields, identity
from atlas.sandbox.app_state import AppState, sha256
from atlas.sandbox.clock import iso
from atlas.sandbox.problems import Refusal, invalid, not_now
from atlas.sandbox.store import new_id

SERVICE = "Internet SSL"
NEW_CREDENTIAL = fields.required(
    {
        "name": fields.text(1, 64, r"[a-z0-9_]+"),
        "identity_profile_id": fields.text(),
        "service": fields.one_of(SERVICE),
    }
)


def generate(state: AppState, account_id: str, body: object) -> dict[str, Any]:
    """A new key and its secret, which is in this answer only. Raises Refusal 409 or 422."""
    form = fields.read(body, NEW_CREDENTIAL)
    with state.store.transaction() as db:
        _require_active(state, account_id, form["identity_profile_id"])
        taken = "SELECT 1 FROM api_credential WHERE account_id = ? AND name = ?"
        if db.execute(taken, (account_id, form["name"])).fetchone():
            raise not_now("There is already a credential with this name. Choose another name.")
        return insert(state, account_id, form["identity_profile_id"], form["name"])


def _require_active(state: AppState, account_id: str, profile_id: str) -> None:
    try:
        profile = identity.get(state, account_id, profile_id)
    except Refusal:
        raise invalid("identity_profile_id") from None
    if profile["status"] != identity.ACTIVE:
        raise not_now("The identity profile is not Active. Wait for the verification email.")


def insert(state: AppState, account_id: str, profile_id: str, name: str) -> dict[str, Any]:
    """Write a credential; the answer that holds its secret."""
    made = {
        "api_credential_id": new_id("C"),
        "name": name,
        "api_key": secrets.token_hex(8),
        "api_secret": secrets.token_hex(20),
    }
    with state.store.transaction() as db:
        db.execute(
            "INSERT INTO api_credential (api_credential_id, account_id, identity_profile_id, name, api_key,"
            " secret_sha256, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (made["api_credential_id"], account_id, profile_id, name, made["api_key"], sha256(made["api_secret"]),
             state.clock.now()),
        )  # fmt: skip
    return made


def of_account(state: AppState, account_id: str) -> list[dict[str, Any]]:
    """The credentials of an account, oldest first, without their secrets."""
    with state.store.transaction() as db:
        rows = db.execute(
            "SELECT * FROM api_credential WHERE account_id = ? ORDER BY number", (account_id,)
        ).fetchall()
        return [_shown(db, row) for row in rows]


def _shown(db: Connection, row: Row) -> dict[str, Any]:
    bound = db.execute(
        "SELECT serial FROM binding WHERE api_credential_id = ? ORDER BY rowid", (row["api_credential_id"],)
    ).fetchall()
    return {
        "api_credential_id": row["api_credential_id"],
        "name": row["name"],
        "api_key": row["api_key"],
        "created_at": iso(row["created_at"]),
        "certificate_serials": [found["serial"] for found in bound],
    }


def by_key(db: Connection, api_key: str) -> Row | None:
    """The credential of an API key, with the outage and the identity profile that HVCA needs to know."""
    row: Row | None = db.execute(
        "SELECT c.*, a.outage_until, p.fields FROM api_credential c JOIN account a USING (account_id)"
        " JOIN identity_profile p USING (identity_profile_id) WHERE c.api_key = ?",
        (api_key,),
    ).fetchone()
    return row


def secret_fits(credential: Row, secret: str) -> bool:
    """Whether this is the secret of the credential."""
    return hmac.compare_digest(credential["secret_sha256"], sha256(secret))


def is_bound(db: Connection, credential: Row, serial: str) -> bool:
    """Whether the client certificate with this serial number (32 digits) may be used with the credential."""
    found = db.execute(
        "SELECT 1 FROM binding WHERE serial = ? AND api_credential_id = ?",
        (serial, credential["api_credential_id"]),
    ).fetchone()
    return found is not None
