"""Claims: domains and IP addresses that an account has asked to be recognised as its own, and what became of that.

How control is shown is in claim_checks.py; how it looks on the wire is in hvca_claims.py.
"""

from __future__ import annotations

import ipaddress
import secrets
from sqlite3 import Connection, Row
from typing import Any, Literal

from atlas.sandbox.app_state import AppState
from atlas.sandbox.hvca_extensions import is_host
from atlas.sandbox.paging import Page
from atlas.sandbox.problems import Refusal, invalid, not_found

Kind = Literal["domains", "ipaddresses"]
ASSERT_SECONDS = 30 * 86_400
VERIFIED_SECONDS = 200 * 86_400
BLOCKED = {
    "gsb": "the domain is listed by Google Safe Browsing",
    "blacklist": "the domain is on the list of blocked names",
}
"""A domain that begins with one of these labels is refused: how a client meets a blocked name."""


def submit(state: AppState, account_id: str, kind: Kind, sent: str) -> Row:
    """A new claim. Raises Refusal 409 or 422."""
    name = _domain(sent) if kind == "domains" else _address(sent)
    now = state.clock.now()
    with state.store.transaction() as db:
        taken = "SELECT 1 FROM claim WHERE account_id = ? AND kind = ? AND name = ?"
        if db.execute(taken, (account_id, kind, name)).fetchone():
            what = f'domain "{name}."' if kind == "domains" else f'IP address "{name}"'
            raise Refusal(409, f"Claim for {what} already exists")
        claim_id = new_claim_id()
        db.execute(
            "INSERT INTO claim (claim_id, account_id, kind, name, token, created_at, assert_by, wanted, expires_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, 1, 0)",
            (claim_id, account_id, kind, name, new_token(), now, int(now) + ASSERT_SECONDS),
        )
        return row_of(db, account_id, kind, claim_id)


def _domain(sent: str) -> str:
    """In lower case, without the full stop at the end."""
    name = sent.lower().removesuffix(".")
    if "." not in name:
        raise Refusal(422, "domain name needs at least one dot")
    if not is_host(name) or name.startswith("*."):
        raise invalid("domain")
    kind = name.partition(".")[0]
    if kind in BLOCKED:
        raise Refusal(422, "domain: is blocked", kinds={kind: BLOCKED[kind]})
    return name


def _address(sent: str) -> str:
    try:
        found = ipaddress.ip_address(sent)
    except ValueError:
        raise invalid("ip_address") from None
    if "%" in sent:
        raise invalid("ip_address")
    return str(found)


def new_claim_id() -> str:
    """32 upper-case hexadecimal digits, the first byte 01, as in the published samples."""
    return "01" + secrets.token_hex(15).upper()


def new_token() -> str:
    """32 lower-case hexadecimal digits, the first byte 01, as in the transcripts of 2018. Opaque to clients."""
    return "01" + secrets.token_hex(15)


def row_of(db: Connection, account_id: str, kind: Kind, claim_id: str) -> Row:
    """A claim of this account. Raises Refusal 404 or 422."""
    if len(claim_id) != 32:
        raise Refusal(422, "invalid ID length")
    row: Row | None = db.execute(
        "SELECT * FROM claim WHERE account_id = ? AND kind = ? AND claim_id = ?",
        (account_id, kind, claim_id.upper()),
    ).fetchone()
    if row is None:
        raise not_found()
    return row


def reassert(state: AppState, account_id: str, kind: Kind, claim_id: str) -> Row:
    """A new token and thirty more days for the same claim; a verified one stays so meanwhile."""
    with state.store.transaction() as db:
        row = row_of(db, account_id, kind, claim_id)
        db.execute(
            "UPDATE claim SET token = ?, assert_by = ?, wanted = 1 WHERE number = ?",
            (new_token(), int(state.clock.now()) + ASSERT_SECONDS, row["number"]),
        )
        return row_of(db, account_id, kind, claim_id)


def delete(state: AppState, account_id: str, kind: Kind, claim_id: str) -> None:
    """Forget a claim with its log."""
    with state.store.transaction() as db:
        db.execute("DELETE FROM claim WHERE number = ?", (row_of(db, account_id, kind, claim_id)["number"],))


def is_verified(row: Row, now: float) -> bool:
    """Whether control of the name counts as shown at this moment."""
    return bool(row["expires_at"] > now)


def shown(db: Connection, row: Row, now: float) -> dict[str, Any]:
    """A claim as HVCA shows it."""
    log = db.execute("SELECT * FROM claim_log WHERE claim = ? ORDER BY number", (row["number"],)).fetchall()
    name = {"domain": row["name"] + "."} if row["kind"] == "domains" else {"ip_address": row["name"]}
    found = {
        "id": row["claim_id"],
        "status": "VERIFIED" if is_verified(row, now) else "PENDING",
        **name,
        "created_at": int(row["created_at"]),
        "expires_at": row["expires_at"],
        "assert_by": row["assert_by"],
        "log": [
            {"status": entry["status"], "description": entry["description"], "timestamp": int(entry["at"])}
            for entry in log
        ],
    }
    if row["wanted"]:
        found["token"] = row["token"]
    if row["verified_at"] is not None:
        found |= {"last_verified_at": int(row["verified_at"]), "last_verification_method": row["method"]}
    return found


def listed(
    state: AppState, account_id: str, kind: Kind, status: str | None, page: Page
) -> tuple[list[dict[str, Any]], int]:
    """One page, newest first, and how many there are; both states if none is asked for. Raises Refusal 422."""
    if status not in (None, "PENDING", "VERIFIED"):
        raise invalid("status")
    now = state.clock.now()
    wanted = {"PENDING": " AND expires_at <= ?4", "VERIFIED": " AND expires_at > ?4", None: ""}[status]
    where = f" FROM claim WHERE account_id = ?1 AND kind = ?2 AND ?3 = ?3{wanted}"
    values = (account_id, kind, 0, now)[: 4 if wanted else 3]
    with state.store.transaction() as db:
        (total,) = db.execute("SELECT COUNT(*)" + where, values).fetchone()
        rows = db.execute(
            f"SELECT *{where} ORDER BY number DESC LIMIT {page.size} OFFSET {page.offset}", values
        ).fetchall()
        return [shown(db, row, now) for row in rows], total


def uncovered(state: AppState, account_id: str, hosts: list[str]) -> list[str]:
    """The names that no verified claim of the account covers."""
    with state.store.transaction() as db:
        rows = db.execute(
            "SELECT name FROM claim WHERE account_id = ? AND kind = 'domains' AND expires_at > ?",
            (account_id, state.clock.now()),
        ).fetchall()
    claimed = [row["name"] for row in rows]
    return [host for host in hosts if not any(_is_under(host.lower(), name) for name in claimed)]


def _is_under(host: str, name: str) -> bool:
    return host.removeprefix("*.") == name or host.endswith(f".{name}")
