"""Certificates that HVCA has issued for an API key: issued, rekeyed, collected, revoked, counted."""

from __future__ import annotations

import json
from sqlite3 import Connection, Row
from typing import Any

from cryptography import x509

from atlas.sandbox import clock as times
from atlas.sandbox import publication
from atlas.sandbox.app_state import AppState
from atlas.sandbox.ca import pem_of, serial_text
from atlas.sandbox.hvca_claims import require_covered
from atlas.sandbox.hvca_policy import policy_for
from atlas.sandbox.hvca_request import Wanted, measure
from atlas.sandbox.mtls import normal_serial
from atlas.sandbox.problems import Refusal, not_found

REFUSED_BY_CA = "ca-validation-error."
"""A common name that begins so is taken, and refused afterwards: how a client meets `CA validation error`."""


def policy_of(state: AppState, credential: Row) -> dict[str, Any]:
    """The validation policy of a credential."""
    return state.options.policy or policy_for(json.loads(credential["fields"]), state.options.key_format)


def check(state: AppState, credential: Row, body: object) -> Wanted:
    """What would be issued, without issuing it. Raises Refusal 400 or 422."""
    wanted = measure(policy_of(state, credential), body, state.clock.now())
    if state.options.require_claims:
        require_covered(state, credential["account_id"], list(wanted.hosts))
    return wanted


def issue(state: AppState, credential: Row, body: object) -> str:
    """Issue a certificate; its serial number. Raises Refusal 400, 402 or 422."""
    with state.store.transaction() as db:
        if remaining(state, db, credential["api_key"]) <= 0:
            raise Refusal(402, "Quota Reached")
        return sign(state, credential["api_key"], check(state, credential, body))


def sign(state: AppState, api_key: str, wanted: Wanted) -> str:
    """Make and write the certificate; its serial number."""
    extensions = [*wanted.extensions, *publication.addresses(state.environment.pages_url)]
    certificate = state.authority.issue(
        wanted.subject, wanted.public_key, wanted.validity, extensions, signing=wanted.signing
    )
    return _write(state, api_key, certificate, wanted)


def _write(state: AppState, api_key: str, certificate: x509.Certificate, wanted: Wanted) -> str:
    serial = serial_text(certificate.serial_number)
    now = state.clock.now()
    ready = state.clock.after(now, times.ISSUING)
    rejected = wanted.common_name.startswith(REFUSED_BY_CA)
    with state.store.transaction() as db:
        db.execute(
            "INSERT INTO certificate (serial, api_key, certificate, issued_at, rejected, not_before, not_after,"
            " ordered_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (serial, api_key, pem_of(certificate), ready, rejected, *wanted.validity, now),
        )  # fmt: skip
    return serial


def collect(state: AppState, api_key: str, serial: str) -> dict[str, Any] | None:
    """A certificate and its status, None while it is being issued. Raises Refusal 404 or 422."""
    with state.store.transaction() as db:
        row = row_of(db, api_key, serial)
    if state.clock.now() < row["issued_at"]:
        return None
    if row["rejected"]:
        raise Refusal(422, "CA validation error")
    revoked = row["revoked_at"] is not None
    return {
        "certificate": row["certificate"],
        "status": "REVOKED" if revoked else "ISSUED",
        "updated_at": int(row["revoked_at"] if revoked else row["issued_at"]),
    }


def status_of(state: AppState, row: Row) -> str:
    """ISSUED, REVOKED, PENDING or REJECTED."""
    if row["rejected"]:
        return "REJECTED"
    if state.clock.now() < row["issued_at"]:
        return "PENDING"
    return "ISSUED" if row["revoked_at"] is None else "REVOKED"


def row_of(db: Connection, api_key: str, serial: str) -> Row:
    """A certificate of this key. Raises Refusal 404 or 422."""
    row: Row | None = db.execute(
        "SELECT * FROM certificate WHERE api_key = ? AND serial = ?", (api_key, normal_serial(serial))
    ).fetchone()
    if row is None:
        raise not_found()
    return row


def count(db: Connection, api_key: str, *, revoked: bool = False) -> int:
    """How many have been issued, or revoked. A certificate that the CA refused is not counted."""
    issued = "SELECT COUNT(*) FROM certificate WHERE api_key = ? AND rejected = 0"
    withdrawn = "SELECT COUNT(*) FROM certificate WHERE api_key = ? AND revoked_at IS NOT NULL"
    row = db.execute(withdrawn if revoked else issued, (api_key,)).fetchone()
    return int(row[0])


def remaining(state: AppState, db: Connection, api_key: str) -> int:
    """How many may still be issued."""
    return state.options.quota - count(db, api_key)
