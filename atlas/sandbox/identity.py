"""Identity profiles and their vetting, and the outage that one scenario brings after a profile was sent."""

from __future__ import annotations

import json
import math
import secrets
from sqlite3 import Connection, Row
from typing import Any

from atlas.sandbox import clock as times
from atlas.sandbox import fields, mail
from atlas.sandbox.app_state import AppState
from atlas.sandbox.clock import iso
from atlas.sandbox.problems import busy, not_found, not_now
from atlas.sandbox.store import new_id

ACTIVE = "Active"
REASON = "The registered address could not be confirmed from an independent source."
PROFILE = fields.required(
    {
        "profile_name": fields.text(),
        "organization": fields.text(1, 64),
        "company_number": fields.text(1, 32),
        "street_address": fields.text(1, 128),
        "locality": fields.text(1, 128),
        "postal_code": fields.text(1, 40),
        "country": fields.COUNTRY,
        "phone": fields.PHONE,
        "contact_name": fields.text(),
        "contact_job_title": fields.text(),
        "contact_email": fields.EMAIL,
    }
)


def request(state: AppState, account: Row, body: object) -> dict[str, Any]:
    """Send an identity profile to the vetting team. Raises Refusal 409 while the request is not ready."""
    form = fields.read(body, PROFILE)
    now, account_id = state.clock.now(), account["account_id"]
    with state.store.transaction() as db:
        if account["identity_ready_at"] is None or now < account["identity_ready_at"]:
            raise not_now(
                "The identity profile cannot be requested yet. Accept the quote, then wait for the tile."
            )
        profile_id = insert(db, account_id, form, now, now, "")
        _plan_vetting(state, db, account, _row_of(db, account_id, profile_id), now)
        if account["scenario"] == "atlas-down":
            _set_outage(db, account_id, state.clock.after(now, times.OUTAGE))
        return shown(_row_of(db, account_id, profile_id), now)


def insert(
    db: Connection, account_id: str, form: dict[str, Any], now: float, decided_at: float, verdict: str
) -> str:
    """Write a profile; its id."""
    profile_id = new_id("I")
    db.execute(
        "INSERT INTO identity_profile (identity_profile_id, account_id, fields, submitted_at, decided_at, verdict,"
        " case_reference) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            profile_id,
            account_id,
            json.dumps(form),
            now,
            decided_at,
            verdict,
            f"GS-{secrets.randbelow(10**8):08d}",
        ),
    )
    return profile_id


def _plan_vetting(state: AppState, db: Connection, account: Row, profile: Row, now: float) -> None:
    """Say when the profile is processed and decided, and how; nothing is moved into the past."""
    first = not db.execute(
        "SELECT 1 FROM identity_profile WHERE account_id = ? AND number < ?",
        (profile["account_id"], profile["number"]),
    ).fetchone()
    plan = times.vetting_plan(account["scenario"], first)
    decided = max(now, state.clock.after(profile["submitted_at"], plan.decided))
    processed = profile["processed_at"]
    if processed is None or processed > now:
        processed = plan.processed and max(now, state.clock.after(profile["submitted_at"], plan.processed))
    db.execute(
        "UPDATE identity_profile SET processed_at = ?, decided_at = ?, verdict = ? WHERE number = ?",
        (processed, decided, plan.verdict, profile["number"]),
    )
    _plan_mail(db, account, profile, plan.verdict, decided, now)


def _plan_mail(db: Connection, account: Row, profile: Row, verdict: str, moment: float, now: float) -> None:
    about, form = profile["identity_profile_id"], json.loads(profile["fields"])
    for kind in ("VERIFICATION", "REJECTION"):
        mail.withdraw_unsent(db, account["account_id"], kind, now, about)
    facts = {
        "name": form["contact_name"],
        "organization": form["organization"],
        "case": profile["case_reference"],
        "reason": REASON,
    }
    kind = "VERIFICATION" if verdict == ACTIVE else "REJECTION"
    mail.schedule(db, account["account_id"], kind, form["contact_email"], moment, about, **facts)


def plan_again(state: AppState, db: Connection, account: Row, now: float) -> None:
    """After a change of scenario: plan the undecided profiles again, and begin or end the outage."""
    rows = db.execute(
        "SELECT * FROM identity_profile WHERE account_id = ? AND decided_at > ? ORDER BY number",
        (account["account_id"], now),
    ).fetchall()
    for profile in rows:
        _plan_vetting(state, db, account, profile, now)
    ends = None
    if account["scenario"] == "atlas-down" and rows:
        ends = state.clock.after(rows[-1]["submitted_at"], times.OUTAGE)
    _set_outage(db, account["account_id"], ends)


def _set_outage(db: Connection, account_id: str, until: float | None) -> None:
    db.execute("UPDATE account SET outage_until = ? WHERE account_id = ?", (until, account_id))


def refuse_if_down(account: Row, now: float, *, tell: bool) -> None:
    """Raises Refusal 503 during the outage of an account; `tell` adds when to come back."""
    until = account["outage_until"]
    if until is not None and now < until:
        raise busy(max(1, math.ceil(until - now)) if tell else None)


def status_of(profile: Row, now: float) -> tuple[str, float]:
    """The vetting status at this moment, and since when."""
    if now >= profile["decided_at"]:
        return profile["verdict"], profile["decided_at"]
    if profile["processed_at"] is not None and now >= profile["processed_at"]:
        return "Processed", profile["processed_at"]
    return "Queued for Vetting", profile["submitted_at"]


def shown(profile: Row, now: float) -> dict[str, Any]:
    """A profile as the account API shows it."""
    status, since = status_of(profile, now)
    found = {
        "identity_profile_id": profile["identity_profile_id"],
        **json.loads(profile["fields"]),
        "status": status,
        "submitted_at": iso(profile["submitted_at"]),
        "status_since": iso(since),
        "case_reference": profile["case_reference"],
    }
    return found | {"reason": REASON} if status == "Rejected" else found


def any_of(db: Connection, account_id: str) -> bool:
    """Whether the account has sent a profile."""
    found = db.execute("SELECT 1 FROM identity_profile WHERE account_id = ?", (account_id,)).fetchone()
    return found is not None


def of_account(state: AppState, account_id: str) -> list[dict[str, Any]]:
    """The profiles of an account, oldest first."""
    with state.store.transaction() as db:
        rows = db.execute(
            "SELECT * FROM identity_profile WHERE account_id = ? ORDER BY number", (account_id,)
        ).fetchall()
    return [shown(row, state.clock.now()) for row in rows]


def get(state: AppState, account_id: str, profile_id: str) -> dict[str, Any]:
    """One profile. Raises Refusal 404."""
    with state.store.transaction() as db:
        return shown(_row_of(db, account_id, profile_id), state.clock.now())


def _row_of(db: Connection, account_id: str, profile_id: str) -> Row:
    row: Row | None = db.execute(
        "SELECT * FROM identity_profile WHERE account_id = ? AND identity_profile_id = ?",
        (account_id, profile_id),
    ).fetchone()
    if row is None:
        raise not_found()
    return row
