"""Certificates that HVCA has issued for an API key: issued, collected, revoked, counted."""

from __future__ import annotations

import json
from sqlite3 import Connection, Row
from typing import Any

from atlas.sandbox import clock as times
from atlas.sandbox.ca import pem_of, serial_text
from atlas.sandbox.hvca_policy import policy_for
from atlas.sandbox.hvca_request import measure
from atlas.sandbox.mtls import normal_serial
from atlas.sandbox.problems import Refusal, bad_request, invalid, not_found
from atlas.sandbox.world import World

REASONS = (
    "unspecified", "keyCompromise", "affiliationChanged", "cessationOfOperation", "superseded", "privilegeWithdrawn",
)  # fmt: skip
REFUSED_BY_CA = "ca-validation-error."
"""A common name that begins so is taken, and refused afterwards: how a client meets `CA validation error`."""


def policy_of(world: World, credential: Row) -> dict[str, Any]:
    """The validation policy of a credential."""
    return policy_for(json.loads(credential["fields"]), world.key_format)


def issue(world: World, credential: Row, body: object) -> str:
    """Issue a certificate; its serial number. Raises Refusal 400, 402 or 422."""
    now = world.clock.now()
    with world.store.transaction() as db:
        if remaining(world, db, credential["api_key"]) <= 0:
            raise Refusal(402, "Quota Reached")
        wanted = measure(policy_of(world, credential), body, now)
        certificate = world.authority.issue(
            wanted.subject, wanted.public_key, wanted.validity, wanted.extensions, algorithm=wanted.algorithm
        )
        serial = serial_text(certificate.serial_number)
        db.execute(
            "INSERT INTO certificate (serial, api_key, certificate, issued_at, rejected) VALUES (?, ?, ?, ?, ?)",
            (serial, credential["api_key"], pem_of(certificate), world.clock.after(now, times.ISSUING),
             wanted.common_name.startswith(REFUSED_BY_CA)),
        )  # fmt: skip
    return serial


def collect(world: World, api_key: str, serial: str) -> dict[str, Any] | None:
    """A certificate and its status, None while it is being issued. Raises Refusal 404 or 422."""
    with world.store.transaction() as db:
        row = _row_of(db, api_key, serial)
    if world.clock.now() < row["issued_at"]:
        return None
    if row["rejected"]:
        raise Refusal(422, "CA validation error")
    revoked = row["revoked_at"] is not None
    return {
        "certificate": row["certificate"],
        "status": "REVOKED" if revoked else "ISSUED",
        "updated_at": int(row["revoked_at"] if revoked else row["issued_at"]),
    }


def revoke(world: World, api_key: str, serial: str, body: object) -> None:
    """Revoke a certificate; once more changes nothing. Raises Refusal 400, 404, 409 or 422."""
    reason, moment = _revocation(body, world.clock.now())
    with world.store.transaction() as db:
        row = _row_of(db, api_key, serial)
        if row["rejected"]:
            raise Refusal(409, "Cannot revoke a REJECTED certificate")
        if world.clock.now() < row["issued_at"]:
            raise Refusal(409, "Cannot revoke a PENDING certificate")
        if row["revoked_at"] is None:
            db.execute(
                "UPDATE certificate SET revoked_at = ?, reason = ? WHERE number = ?",
                (moment, reason, row["number"]),
            )


def _revocation(body: object, now: float) -> tuple[str, float]:
    if not isinstance(body, dict):
        raise bad_request()
    reason, moment = body.get("revocation_reason"), body.get("revocation_time") or 0
    if reason is None:
        raise invalid("revocation_reason", "is required")
    if reason not in REASONS:
        raise invalid("revocation_reason")
    if type(moment) is not int or not 0 <= moment <= now:
        raise invalid("revocation_time")
    return reason, moment or now


def _row_of(db: Connection, api_key: str, serial: str) -> Row:
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


def remaining(world: World, db: Connection, api_key: str) -> int:
    """How many may still be issued."""
    return world.quota - count(db, api_key)
