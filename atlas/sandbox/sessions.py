"""Who is signed in to the stand-in pages, and which accounts this person may open.

No more care than a stand-in needs.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from sqlite3 import Row

from werkzeug.wrappers import Request, Response

from atlas.sandbox import registration
from atlas.sandbox.app_state import AppState, sha256

COOKIE = "atlas_stand_in"
SECONDS = 8 * 3600


@dataclass(frozen=True)
class Session:
    """A person who has signed in."""

    email: str
    account_ids: tuple[str, ...]


def sign_in(state: AppState, email: str, password: str) -> str | None:
    """A new session token; None if there is no account of this person, or the password is not the one that was set."""
    opened = [row["account_id"] for row in registration.find(state, email) if _opens(row, password)]
    opened += _as_added_user(state, email)
    if not opened:
        return None
    token = secrets.token_urlsafe(32)
    now = state.clock.now()
    with state.store.transaction() as db:
        db.execute("DELETE FROM session WHERE expires_at <= ?", (now,))
        db.execute(
            "INSERT INTO session VALUES (?, ?, ?, ?)",
            (sha256(token), email, json.dumps(opened), now + SECONDS),
        )
    return token


def _opens(account: Row, password: str) -> bool:
    return registration.password_fits(account, password)


def _as_added_user(state: AppState, email: str) -> list[str]:
    """Accounts to which somebody else added this person; such a user has no password in a stand-in."""
    with state.store.transaction() as db:
        rows = db.execute(
            "SELECT account_id FROM user JOIN account USING (account_id) WHERE email = ? AND contact_email <> ?",
            (email, email),
        ).fetchall()
    return [row["account_id"] for row in rows]


def current(state: AppState, request: Request) -> Session | None:
    """The session of a request."""
    token = request.cookies.get(COOKIE, "")
    with state.store.transaction() as db:
        row: Row | None = db.execute(
            "SELECT * FROM session WHERE token_sha256 = ? AND expires_at > ?",
            (_hash(token), state.clock.now()),
        ).fetchone()
    return Session(row["email"], tuple(json.loads(row["account_ids"]))) if row else None


def sign_out(state: AppState, request: Request) -> None:
    """End the session of a request."""
    with state.store.transaction() as db:
        db.execute("DELETE FROM session WHERE token_sha256 = ?", (_hash(request.cookies.get(COOKIE, "")),))


def _hash(token: str) -> str:
    return sha256(token.encode("ascii", "replace").decode())


def remember(response: Response, token: str) -> None:
    """A cookie that no other site's form can use."""
    response.set_cookie(COOKIE, token, max_age=SECONDS, httponly=True, samesite="Strict")


def is_foreign(request: Request) -> bool:
    """Whether a form was posted from a page of another origin; ports count, which SameSite does not see."""
    origin = request.headers.get("Origin")
    return origin is not None and origin.partition("://")[2] != request.headers.get("Host", "")
