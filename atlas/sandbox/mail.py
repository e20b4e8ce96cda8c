"""The emails that Atlas sends: their words, and the rows that say when each is sent. Nothing leaves the machine."""

from __future__ import annotations

from sqlite3 import Connection
from typing import Any

from atlas.sandbox.app_state import AppState
from atlas.sandbox.clock import iso

_STEPS = """\
 1. Send the registration form.
 2. Wait for this email and for the invitation.
 3. Accept the invitation and set a password.
 4. Set a payment method. Nothing is charged.
 5. Accept the quotation and the Master Services Agreement.
 6. Request the identity profile.
 7. Take the verification call; wait for the verification email.
 8. Generate the API credentials and download the CSV.
 9. Make a key and a CSR.
10. Generate the mTLS certificate from the CSR.
11. Build the PFX.
12. Upload API key, API secret and PFX to the DIP."""

_TEXTS = {
    "CONFIRMATION": (
        "Your registration for Atlas",
        "Dear {name},\n\nthank you for registering {company}. These are the 12 steps (this list belongs to the "
        "stand-in; it is not GlobalSign's wording):\n\n" + _STEPS,
    ),
    "INVITATION": (
        "You are invited to Atlas",
        "Dear {name},\n\nan account for {company} has been prepared. Sign in to Atlas with this email address, "
        "open Accept invitation and set your password.",
    ),
    "QUOTATION_READY": (
        "Your quotation is ready",
        "Dear {name},\n\nthe quotation for {company} over GBP 0.00 is ready. Sign in to Atlas and open "
        "View and Accept Quote.",
    ),
    "VERIFICATION": (
        "Your organisation has been verified",
        "Dear {name},\n\nthe vetting of {organization} is finished. Case {case}. You can now generate API credentials.",
    ),
    "REJECTION": (
        "Your organisation could not be verified",
        "Dear {name},\n\nwe could not verify {organization}. Case {case}.\n\n{reason}\n\nReply to this email to "
        "reach the vetting team, or request a new identity profile with corrected details.",
    ),
    "NEW_USER": (
        "New User Registration",
        "Dear {name},\n\nyou have been added as a user of {company} in Atlas. Your roles: {roles}.",
    ),
}


def schedule(
    db: Connection, account_id: str, kind: str, to: str, moment: float, about: str = "", **facts: str
) -> None:
    """Write one email that counts as sent from `moment` on; `about` names the record that it belongs to."""
    subject, text = _TEXTS[kind]
    db.execute(
        "INSERT INTO email (account_id, kind, about, recipient, subject, text, sent_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (account_id, kind, about, to, subject, text.format(**facts), moment),
    )


def withdraw_unsent(db: Connection, account_id: str, kind: str, now: float, about: str = "") -> None:
    """Forget one that has not been sent, because its time is planned again."""
    db.execute(
        "DELETE FROM email WHERE account_id = ? AND kind = ? AND about = ? AND sent_at > ?",
        (account_id, kind, about, now),
    )


def sent(state: AppState, account_id: str) -> list[dict[str, Any]]:
    """The emails already sent, oldest first, as the account API shows them."""
    with state.store.transaction() as db:
        rows = db.execute(
            "SELECT * FROM email WHERE account_id = ? AND sent_at <= ? ORDER BY sent_at, number",
            (account_id, state.clock.now()),
        ).fetchall()
    return [
        {
            "kind": row["kind"],
            "to": row["recipient"],
            "subject": row["subject"],
            "text": row["text"],
            "sent_at": iso(row["sent_at"]),
        }
        for row in rows
    ]
