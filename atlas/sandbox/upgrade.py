"""Brings the state of an earlier version up to date: columns that it lacks, filled from what is there."""

from __future__ import annotations

import sqlite3

from cryptography import x509

_ADDED = {"not_before": "INTEGER", "not_after": "INTEGER", "revoked_event": "REAL"}


def upgrade(db: sqlite3.Connection) -> None:
    """Add what is missing; a second time changes nothing."""
    present = {row["name"] for row in db.execute("PRAGMA table_info(certificate)")}
    for name, kind in _ADDED.items():
        if name not in present:
            db.execute(f"ALTER TABLE certificate ADD COLUMN {name} {kind}")
    db.execute("UPDATE certificate SET revoked_event = revoked_at WHERE revoked_event IS NULL")
    for row in db.execute("SELECT number, certificate FROM certificate WHERE not_after IS NULL").fetchall():
        certificate = x509.load_pem_x509_certificate(row["certificate"].encode())
        start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        db.execute(
            "UPDATE certificate SET not_before = ?, not_after = ? WHERE number = ?",
            (int(start.timestamp()), int(end.timestamp()), row["number"]),
        )
