"""An account from the form to the accepted quote: its moves, and how it looks to the account API and the pages.

Identity profiles, credentials and users have modules of their own.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from sqlite3 import Connection, Row
from typing import Any

from atlas.sandbox import clock as times
from atlas.sandbox import fields, identity, mail, users
from atlas.sandbox.app_state import AppState
from atlas.sandbox.clock import DEFAULT_SCENARIO, SCENARIOS, iso, scenario_in
from atlas.sandbox.fields import Field
from atlas.sandbox.problems import not_found, not_now
from atlas.sandbox.store import new_id

CONTACT = fields.required(
    {"name": fields.text(), "job_title": fields.text(), "email": fields.EMAIL, "phone": fields.PHONE}
)
REGISTRATION = {
    "company_name": Field(fields.text()),
    "company_number": Field(fields.maybe(fields.text(1, 32)), required=False),
    "contact": Field(fields.nested(CONTACT)),
    "scenario": Field(fields.one_of(*SCENARIOS), required=False),
}
ACCEPT_INVITATION = fields.required({"password": fields.password})
PAYMENT_METHOD = fields.required({"kind": fields.one_of("INVOICE")})
ACCEPT_QUOTE = fields.required({"quotation": fields.true, "msa": fields.true})
SCENARIO = fields.required({"scenario": fields.one_of(*SCENARIOS)})


def register(state: AppState, body: object) -> str:
    """The form "Get Started with Atlas": the account id. Two emails follow."""
    form = fields.read(body, REGISTRATION)
    contact, now, account_id = form["contact"], state.clock.now(), new_id("A")
    scenario = form["scenario"] or scenario_in(form["company_name"]) or DEFAULT_SCENARIO
    invitation = state.clock.after(now, times.mail_delay(account_id, "invitation"))
    with state.store.transaction() as db:
        db.execute(
            "INSERT INTO account (account_id, company_name, company_number, contact_name, contact_job_title,"
            " contact_email, contact_phone, scenario, registered_at, invitation_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (account_id, form["company_name"], form["company_number"], contact["name"], contact["job_title"],
             contact["email"], contact["phone"], scenario, now, invitation),
        )  # fmt: skip
        facts = {"name": contact["name"], "company": form["company_name"]}
        confirmation = state.clock.after(now, times.mail_delay(account_id, "confirmation"))
        mail.schedule(db, account_id, "CONFIRMATION", contact["email"], confirmation, **facts)
        mail.schedule(db, account_id, "INVITATION", contact["email"], invitation, **facts)
    return account_id


def row_of(db: Connection, account_id: str) -> Row:
    """The row of an account. Raises Refusal 404."""
    row: Row | None = db.execute("SELECT * FROM account WHERE account_id = ?", (account_id,)).fetchone()
    if row is None:
        raise not_found()
    return row


def find(state: AppState, email: str) -> list[Row]:
    """The accounts whose contact has this email address, oldest first."""
    with state.store.transaction() as db:
        return db.execute(
            "SELECT * FROM account WHERE contact_email = ? ORDER BY registered_at, rowid", (email,)
        ).fetchall()


def accept_invitation(state: AppState, account_id: str, body: object) -> None:
    """Set the password; the contact becomes the first user. Raises Refusal 409 unless the invitation is open."""
    password = fields.read(body, ACCEPT_INVITATION)["password"]
    now = state.clock.now()
    with state.store.transaction() as db:
        account = row_of(db, account_id)
        if now < account["invitation_at"]:
            raise not_now("The invitation has not been sent yet. Wait for the email.")
        if account["accepted_at"] is not None:
            raise not_now("The invitation has already been accepted.")
        db.execute(
            "UPDATE account SET accepted_at = ?, password = ? WHERE account_id = ?",
            (now, _hashed(password), account_id),
        )
        users.add_contact(db, account, now)


def set_payment_method(state: AppState, account_id: str, body: object) -> None:
    """Payment by invoice. Raises Refusal 409 before the invitation is accepted, and the second time."""
    fields.read(body, PAYMENT_METHOD)
    now = state.clock.now()
    with state.store.transaction() as db:
        account = row_of(db, account_id)
        if account["accepted_at"] is None:
            raise not_now("Accept the invitation first.")
        if account["payment_at"] is not None:
            raise not_now("The payment method has already been set.")
        db.execute("UPDATE account SET payment_at = ? WHERE account_id = ?", (now, account_id))
        _plan_quote(state, db, row_of(db, account_id), now)


def _plan_quote(state: AppState, db: Connection, account: Row, now: float) -> None:
    """Say when the quotation email comes; called again when the scenario changes."""
    delay = times.quotation_delay(account["scenario"])
    moment = max(now, state.clock.after(account["payment_at"], delay))
    account_id = account["account_id"]
    db.execute("UPDATE account SET quote_ready_at = ? WHERE account_id = ?", (moment, account_id))
    mail.withdraw_unsent(db, account_id, "QUOTATION_READY", now)
    facts = {"name": account["contact_name"], "company": account["company_name"]}
    mail.schedule(db, account_id, "QUOTATION_READY", account["contact_email"], moment, **facts)


def accept_quote(state: AppState, account_id: str, body: object) -> None:
    """Accept quotation and MSA. Raises Refusal 409 before the quote is ready, and the second time."""
    fields.read(body, ACCEPT_QUOTE)
    now = state.clock.now()
    with state.store.transaction() as db:
        account = row_of(db, account_id)
        if account["quote_accepted_at"] is not None:
            raise not_now("The quote has already been accepted.")
        if account["quote_ready_at"] is None:
            raise not_now("Set a payment method first.")
        if now < account["quote_ready_at"]:
            raise not_now("The quote is not ready yet. Wait for the email.")
        ready = state.clock.after(now, times.identity_delay(account_id))
        db.execute(
            "UPDATE account SET quote_accepted_at = ?, identity_ready_at = ? WHERE account_id = ?",
            (now, ready, account_id),
        )


def set_scenario(state: AppState, account_id: str, body: object) -> None:
    """Choose what will happen. What has happened stays, what is to come is planned again."""
    scenario = fields.read(body, SCENARIO)["scenario"]
    now = state.clock.now()
    with state.store.transaction() as db:
        row_of(db, account_id)
        db.execute("UPDATE account SET scenario = ? WHERE account_id = ?", (scenario, account_id))
        account = row_of(db, account_id)
        if account["quote_ready_at"] is not None and account["quote_ready_at"] > now:
            _plan_quote(state, db, account, now)
        identity.plan_again(state, db, account, now)


def _hashed(password: str) -> str:
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}:{_stretch(password, salt).hex()}"


def _stretch(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)


def password_fits(account: Row, password: str) -> bool:
    """Whether the password is the one that was set; any will do while none is set."""
    if account["password"] is None:
        return True
    salt, kept = account["password"].split(":")
    return hmac.compare_digest(_stretch(password, bytes.fromhex(salt)).hex(), kept)


def shown(account: Row, has_profiles: bool, now: float) -> dict[str, Any]:
    """An account as the account API shows it."""
    return {
        "account_id": account["account_id"],
        "company_name": account["company_name"],
        "company_number": account["company_number"],
        "contact": {name: account[f"contact_{name}"] for name in CONTACT},
        "scenario": account["scenario"],
        "registered_at": iso(account["registered_at"]),
        "invitation": _stages(
            "PENDING", now, SENT=("sent_at", account["invitation_at"]), ACCEPTED=("accepted_at", account["accepted_at"])
        ),
        "payment_method": _stages("MISSING", now, SET=("set_at", account["payment_at"])),
        "quote": _stages(
            "PENDING", now, READY=("ready_at", account["quote_ready_at"]),
            ACCEPTED=("accepted_at", account["quote_accepted_at"]),
        ) | {"amount": "0.00", "currency": "GBP"},
        "identity_request": _identity_request(account, has_profiles, now),
    }  # fmt: skip


def _stages(first: str, now: float, **stages: tuple[str, float | None]) -> dict[str, Any]:
    """The last status whose moment has come, with the moments of all that have."""
    found: dict[str, Any] = {"status": first}
    for status, (name, moment) in stages.items():
        if moment is not None and moment <= now:
            found |= {"status": status, name: iso(moment)}
    return found


def _identity_request(account: Row, has_profiles: bool, now: float) -> dict[str, Any]:
    found = _stages("NOT_READY", now, READY=("ready_at", account["identity_ready_at"]))
    return found | {"status": "SUBMITTED"} if has_profiles else found


def get(state: AppState, account_id: str) -> dict[str, Any]:
    """One account as the account API shows it. Raises Refusal 404."""
    with state.store.transaction() as db:
        account = row_of(db, account_id)
        return shown(account, identity.any_of(db, account_id), state.clock.now())
