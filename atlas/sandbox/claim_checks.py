"""How control of a claimed name is shown: by a TXT value, a web page, or the link in an email.

A check takes some seconds of Atlas's time; what came of it is read off the views when somebody asks.
"""

from __future__ import annotations

import secrets
from sqlite3 import Connection, Row
from typing import Any, Literal

from atlas.sandbox import clock as times
from atlas.sandbox.app_state import AppState
from atlas.sandbox.claims import VERIFIED_SECONDS, Kind, is_verified, row_of
from atlas.sandbox.problems import Refusal, not_found

Outcome = Literal["scheduled", "pending", "verified"]
WELL_KNOWN = "/.well-known/pki-validation/gsdv.txt"
MAILBOXES = ("admin", "administrator", "webmaster", "hostmaster", "postmaster")
FAILED, PASSED = "error verifying domain claim", "domain claim verified"


def authorization_domains(name: str) -> list[str]:
    """The name and its parents, down to two labels."""
    labels = name.split(".")
    return [".".join(labels[start:]) for start in range(len(labels) - 1)]


def mailboxes(name: str) -> list[str]:
    """The five constructed addresses of a domain (CA/Browser Forum baseline requirements, 3.2.2.4.4)."""
    return [f"{local}@{name}" for local in MAILBOXES]


def settled(state: AppState, account_id: str, kind: Kind, claim_id: str) -> Row:
    """The claim after a check that has fallen due was looked at. Raises Refusal 404 or 422."""
    with state.store.transaction() as db:
        row = row_of(db, account_id, kind, claim_id)
        if row["check_due"] is None or state.clock.now() < row["check_due"]:
            return row
        if _shows(state, row):
            _verify(state, db, row, row["check_method"])
        else:
            _log(state, db, row, "ERROR", FAILED)
        db.execute("UPDATE claim SET check_due = NULL WHERE number = ?", (row["number"],))
        return row_of(db, account_id, kind, claim_id)


def settle_all(state: AppState, account_id: str, kind: Kind) -> None:
    """Look at every check of an account that has fallen due."""
    with state.store.transaction() as db:
        rows = db.execute(
            "SELECT claim_id FROM claim WHERE account_id = ? AND kind = ? AND check_due <= ?",
            (account_id, kind, state.clock.now()),
        ).fetchall()
        for row in rows:
            settled(state, account_id, kind, row["claim_id"])


def _shows(state: AppState, row: Row) -> bool:
    """Whether the view holds the token of the claim where the check looks."""
    if row["check_method"] == "DNS":
        return row["token"] in (value.strip() for value in state.environment.dns.get(row["check_target"], []))
    return row["token"] in state.environment.web.get(row["check_target"], "")


def _verify(state: AppState, db: Connection, row: Row, method: str) -> None:
    """Verified from now on. A renewal always changes `expires_at`: a client in the field waits for that."""
    now = state.clock.now()
    db.execute(
        "UPDATE claim SET wanted = 0, verified_at = ?, method = ?, expires_at = ? WHERE number = ?",
        (now, method, max(int(now) + VERIFIED_SECONDS, row["expires_at"] + 1), row["number"]),
    )
    _log(state, db, row, "SUCCESS", PASSED)


def _log(state: AppState, db: Connection, row: Row, status: str, description: str) -> None:
    db.execute(
        "INSERT INTO claim_log (claim, status, description, at) VALUES (?, ?, ?, ?)",
        (row["number"], status, description, state.clock.now()),
    )


def check(state: AppState, account_id: str, kind: Kind, claim_id: str, method: str, target: str) -> Outcome:
    """Plan a look at a TXT record or a page. Raises Refusal 404, 422 or 424."""
    with state.store.transaction() as db:
        row = settled(state, account_id, kind, claim_id)
        outcome = _already(row, state.clock.now())
        if outcome:
            return outcome
        db.execute(
            "UPDATE claim SET check_due = ?, check_method = ?, check_target = ? WHERE number = ?",
            (state.clock.after(state.clock.now(), times.CHECKING), method, target, row["number"]),
        )
        return "scheduled"


def _already(row: Row, now: float) -> Outcome | None:
    """What an assertion meets before it begins. Raises Refusal 424."""
    if not row["wanted"] and is_verified(row, now):
        return "verified"
    if not row["wanted"] or now > row["assert_by"]:
        raise Refusal(424, "Claim expired. Reassert first")
    return "pending" if row["check_due"] is not None else None


def send_mail(state: AppState, account_id: str, claim_id: str, recipient: str) -> Outcome:
    """Send a link to one of the mailboxes of a domain. Raises Refusal 404, 422 or 424."""
    with state.store.transaction() as db:
        row = settled(state, account_id, "domains", claim_id)
        outcome = _already(row, state.clock.now())
        if outcome:
            return outcome
        db.execute(
            "INSERT INTO claim_mail (claim, recipient, secret, token, sent_at) VALUES (?, ?, ?, ?, ?)",
            (row["number"], recipient, secrets.token_urlsafe(24), row["token"], state.clock.now()),
        )
        return "scheduled"


_MAIL = (
    "SELECT m.recipient, m.secret, m.sent_at, m.token AS mail_token, c.*"
    " FROM claim_mail m JOIN claim c ON c.number = m.claim"
)


def sent_mail(state: AppState) -> list[dict[str, Any]]:
    """Every email about a claim, oldest first, with its link."""
    with state.store.transaction() as db:
        rows = db.execute(_MAIL + " ORDER BY m.number").fetchall()
    return [
        {
            "to": row["recipient"],
            "domain": row["name"] + ".",
            "link": f"{state.environment.pages_url}/claims/{row['secret']}",
            "sent_at": int(row["sent_at"]),
        }
        for row in rows
    ]


def asked_by_mail(state: AppState, secret: str) -> Row:
    """The claim that a link is about. Raises Refusal 404 for an unknown link or one that has been overtaken."""
    with state.store.transaction() as db:
        row: Row | None = db.execute(_MAIL + " WHERE m.secret = ?", (secret,)).fetchone()
    if row is None or row["mail_token"] != row["token"]:
        raise not_found()
    return row


def approve(state: AppState, secret: str) -> None:
    """Somebody who reads the mailbox says yes; once more changes nothing. Raises Refusal 404 or 424."""
    with state.store.transaction() as db:
        row = asked_by_mail(state, secret)
        if _already(row, state.clock.now()) != "verified":
            _verify(state, db, row, "EMAIL")
