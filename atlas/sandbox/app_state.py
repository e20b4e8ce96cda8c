"""What every module of the local Atlas shares: store, clock, authority, choices made at the start, sealed texts.

Moves and answers live in the modules that use it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from sqlite3 import Row
from typing import Any, Literal

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from atlas.sandbox.ca import Authority
from atlas.sandbox.clock import Clock
from atlas.sandbox.fake_network import DnsRecords, NameMap, WebPages
from atlas.sandbox.store import Store

KeyFormat = Literal["PKCS10", "PKCS8"]
RevokeTwice = Literal["success", "conflict"]


@dataclass(frozen=True)
class Options:
    """What whoever starts it may choose about HVCA.

    `token_seconds` is real time: clients count on ten minutes at any speed. `policy` is a validation policy of one's
    own for every key. `rate_limit` is calls per second and API key, None for no limit.
    """

    key_format: KeyFormat = "PKCS10"
    token_seconds: float = 600.0
    quota: int = 999_999
    policy: dict[str, Any] | None = None
    revoke_twice: RevokeTwice = "success"
    require_claims: bool = False
    rate_limit: int | None = None


@dataclass
class Environment:
    """What a local Atlas sees and where it is seen: DNS, web pages, and the address of its own pages.

    `longest_mtls_validity` is the most seconds that a new mTLS certificate lasts; None for its five years.
    """

    dns: DnsRecords = field(default_factory=NameMap)
    web: WebPages = field(default_factory=NameMap)
    pages_url: str = ""
    longest_mtls_validity: int | None = None


@dataclass(frozen=True)
class AppState:
    """One local Atlas."""

    store: Store
    clock: Clock
    authority: Authority
    options: Options = field(default_factory=Options)
    environment: Environment = field(default_factory=Environment)

    def store_sealed(self, secret: str, text: str, seconds: float, fingerprint: str = "") -> None:
        """Keep a text that only who knows `secret` can find and read again, for so many seconds of real time."""
        name, key = _derive(secret)
        sealed = AESGCM(key).encrypt(b"\0" * 12, text.encode(), name.encode())
        now = self.clock.now()
        with self.store.transaction() as db:
            db.execute("DELETE FROM sealed_text WHERE expires_at <= ? OR name = ?", (now, name))
            db.execute(
                "INSERT INTO sealed_text VALUES (?, ?, ?, ?)", (name, fingerprint, sealed, now + seconds)
            )

    def forget_answers(self) -> None:
        """Let go of the answers that are kept for an Idempotency-Key, as after their day; the secrets of pages stay."""
        with self.store.transaction() as db:
            db.execute("DELETE FROM sealed_text WHERE fingerprint != ''")

    def read_sealed(self, secret: str, *, take: bool = False) -> tuple[str, str] | None:
        """(text, fingerprint) kept under this secret; `take` removes it, so that it is read once."""
        name, key = _derive(secret)
        with self.store.transaction() as db:
            row: Row | None = db.execute(
                "SELECT * FROM sealed_text WHERE name = ? AND expires_at > ?", (name, self.clock.now())
            ).fetchone()
            if row is None:
                return None
            if take:
                db.execute("DELETE FROM sealed_text WHERE name = ?", (name,))
        return AESGCM(key).decrypt(b"\0" * 12, row["sealed"], name.encode()).decode(), row["fingerprint"]


def _derive(secret: str) -> tuple[str, bytes]:
    """A name to find by and a key to open with. One key seals one text, hence the fixed nonce."""
    return sha256(f"name\n{secret}"), hashlib.sha256(f"key\n{secret}".encode()).digest()


def sha256(text: str) -> str:
    """Lower-case hexadecimal. Enough for a secret of 160 random bits; passwords are not kept this way."""
    return hashlib.sha256(text.encode()).hexdigest()
