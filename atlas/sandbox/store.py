"""The state of the local Atlas in one SQLite file. What the rows mean is said by the modules that write them."""

from __future__ import annotations

import base64
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from atlas.sandbox.problems import busy

SCHEMA = """
CREATE TABLE IF NOT EXISTS account (
    account_id TEXT PRIMARY KEY, company_name TEXT NOT NULL, company_number TEXT,
    contact_name TEXT NOT NULL, contact_job_title TEXT NOT NULL,
    contact_email TEXT NOT NULL COLLATE NOCASE, contact_phone TEXT NOT NULL,
    scenario TEXT NOT NULL, registered_at REAL NOT NULL, invitation_at REAL NOT NULL,
    accepted_at REAL, password TEXT, payment_at REAL, quote_ready_at REAL, quote_accepted_at REAL,
    identity_ready_at REAL, outage_until REAL);
CREATE INDEX IF NOT EXISTS account_email ON account (contact_email);
CREATE TABLE IF NOT EXISTS email (
    number INTEGER PRIMARY KEY, account_id TEXT NOT NULL REFERENCES account, kind TEXT NOT NULL,
    about TEXT NOT NULL, recipient TEXT NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL, sent_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS email_account ON email (account_id);
CREATE TABLE IF NOT EXISTS identity_profile (
    number INTEGER PRIMARY KEY, identity_profile_id TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES account, fields TEXT NOT NULL, submitted_at REAL NOT NULL,
    processed_at REAL, decided_at REAL NOT NULL, verdict TEXT NOT NULL, case_reference TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS identity_profile_account ON identity_profile (account_id);
CREATE TABLE IF NOT EXISTS api_credential (
    number INTEGER PRIMARY KEY, api_credential_id TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES account,
    identity_profile_id TEXT NOT NULL REFERENCES identity_profile (identity_profile_id),
    name TEXT NOT NULL, api_key TEXT NOT NULL UNIQUE, secret_sha256 TEXT NOT NULL, created_at REAL NOT NULL,
    UNIQUE (account_id, name));
CREATE TABLE IF NOT EXISTS mtls_certificate (
    number INTEGER PRIMARY KEY, serial TEXT NOT NULL UNIQUE, account_id TEXT NOT NULL REFERENCES account,
    public_key_sha256 TEXT NOT NULL, certificate TEXT NOT NULL, issued_at REAL NOT NULL, not_after REAL NOT NULL);
CREATE INDEX IF NOT EXISTS mtls_certificate_account ON mtls_certificate (account_id);
CREATE TABLE IF NOT EXISTS binding (
    serial TEXT NOT NULL REFERENCES mtls_certificate (serial),
    api_credential_id TEXT NOT NULL REFERENCES api_credential (api_credential_id),
    PRIMARY KEY (serial, api_credential_id));
CREATE TABLE IF NOT EXISTS user (
    number INTEGER PRIMARY KEY, user_id TEXT NOT NULL UNIQUE, account_id TEXT NOT NULL REFERENCES account,
    name TEXT NOT NULL, email TEXT NOT NULL COLLATE NOCASE, roles TEXT NOT NULL, added_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS user_email ON user (email);
CREATE TABLE IF NOT EXISTS token (
    token_sha256 TEXT PRIMARY KEY, api_key TEXT NOT NULL, expires_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS certificate (
    number INTEGER PRIMARY KEY, serial TEXT NOT NULL UNIQUE, api_key TEXT NOT NULL, certificate TEXT NOT NULL,
    issued_at REAL NOT NULL, revoked_at REAL, reason TEXT, rejected INTEGER NOT NULL,
    not_before INTEGER, not_after INTEGER, revoked_event REAL, ordered_at REAL);
CREATE INDEX IF NOT EXISTS certificate_key ON certificate (api_key);
CREATE TABLE IF NOT EXISTS claim (
    number INTEGER PRIMARY KEY, claim_id TEXT NOT NULL UNIQUE, account_id TEXT NOT NULL REFERENCES account,
    kind TEXT NOT NULL, name TEXT NOT NULL, token TEXT NOT NULL, created_at REAL NOT NULL, assert_by INTEGER NOT NULL,
    wanted INTEGER NOT NULL, check_due REAL, check_method TEXT, check_target TEXT,
    verified_at REAL, method TEXT, expires_at INTEGER NOT NULL, UNIQUE (account_id, kind, name));
CREATE TABLE IF NOT EXISTS claim_log (
    number INTEGER PRIMARY KEY, claim INTEGER NOT NULL REFERENCES claim ON DELETE CASCADE,
    status TEXT NOT NULL, description TEXT NOT NULL, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS claim_log_claim ON claim_log (claim);
CREATE TABLE IF NOT EXISTS claim_mail (
    number INTEGER PRIMARY KEY, claim INTEGER NOT NULL REFERENCES claim ON DELETE CASCADE,
    recipient TEXT NOT NULL, secret TEXT NOT NULL UNIQUE, token TEXT NOT NULL, sent_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS claim_mail_claim ON claim_mail (claim);
CREATE TABLE IF NOT EXISTS session (
    token_sha256 TEXT PRIMARY KEY, email TEXT NOT NULL, account_ids TEXT NOT NULL, expires_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS sealed_text (
    name TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, sealed BLOB NOT NULL, expires_at REAL NOT NULL);
"""


class Store:
    """One connection behind a lock: every transaction runs alone, so of two racers exactly one finds its row open."""

    def __init__(self, path: Path) -> None:
        path.touch(0o600)
        self._db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._lock = threading.RLock()
        self._depth = 0
        self._closed = False
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute("PRAGMA foreign_keys=ON")
        self._db.executescript(SCHEMA)
        self._add_order_moments()

    def _add_order_moments(self) -> None:
        """A file of an earlier version knows only when a certificate was ready."""
        columns = {row["name"] for row in self._db.execute("PRAGMA table_info(certificate)")}
        if "ordered_at" not in columns:
            self._db.execute("ALTER TABLE certificate ADD COLUMN ordered_at REAL")
            self._db.execute("UPDATE certificate SET ordered_at = issued_at")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing. Inside another transaction of the same thread it is part of that one.

        Raises Refusal 503 once the store is closed: a request may be on its way while the sandbox stops.
        """
        with self._lock:
            if self._closed:
                raise busy()
            if self._depth == 0:
                self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield self._db
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._db.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._db.execute("COMMIT")

    def close(self) -> None:
        """Waits for a running transaction."""
        with self._lock:
            self._closed = True
            self._db.close()


def new_id(letter: str) -> str:
    """A letter and ten base-32 characters."""
    return letter + base64.b32encode(secrets.token_bytes(7)).decode()[:10]
