"""mTLS certificates of an account: ordered with a CSR, bound to API credentials, collected when signed."""

from __future__ import annotations

from datetime import UTC, datetime
from sqlite3 import Connection, Row
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from atlas.sandbox import clock as times
from atlas.sandbox import fields
from atlas.sandbox.app_state import AppState
from atlas.sandbox.ca import client_extensions, pem_of, serial_text
from atlas.sandbox.clock import iso
from atlas.sandbox.keys import BadKey, PublicKey, key_in_csr, read_csr, spki_sha256
from atlas.sandbox.problems import Refusal, invalid, not_found

YEARS = 5
SMALLEST_KEY = 2048
NEW_CERTIFICATE = fields.required(
    {"csr": fields.text(1, 16384, lines=True), "api_credential_ids": fields.some(fields.text(), 20)}
)


def order(state: AppState, account_id: str, body: object) -> str:
    """Order a certificate; its serial number. Raises Refusal 422."""
    form = fields.read(body, NEW_CERTIFICATE)
    subject, key = _requested(form["csr"])
    with state.store.transaction() as db:
        for credential_id in form["api_credential_ids"]:
            _require_credential(db, account_id, credential_id)
        now = state.clock.now()
        return insert(
            state, account_id, subject, key, form["api_credential_ids"], state.clock.after(now, times.SIGNING)
        )


def _requested(csr_text: str) -> tuple[x509.Name, PublicKey]:
    if "PRIVATE KEY" in csr_text:
        raise invalid("csr", "is a private key, not a certificate request")
    try:
        csr = read_csr(csr_text)
        key = key_in_csr(csr)
        subject = csr.subject
    except BadKey as bad:
        raise invalid("csr", str(bad)) from None
    except ValueError:
        raise invalid("csr", "invalid encoding") from None
    if not isinstance(key, rsa.RSAPublicKey):
        raise invalid("csr", "unsupported key type: RSA")
    if key.key_size < SMALLEST_KEY:
        raise invalid("csr", f"key length must be at least {SMALLEST_KEY}")
    if not subject.rdns:
        raise invalid("csr", "subject is empty")
    return subject, key


def _require_credential(db: Connection, account_id: str, credential_id: str) -> None:
    found = db.execute(
        "SELECT 1 FROM api_credential WHERE account_id = ? AND api_credential_id = ?",
        (account_id, credential_id),
    ).fetchone()
    if found is None:
        raise invalid("api_credential_ids")


def insert(
    state: AppState,
    account_id: str,
    subject: x509.Name,
    key: PublicKey,
    credential_ids: list[str],
    issued_at: float,
) -> str:
    """Sign and write a certificate that can be collected from `issued_at` on; its serial number."""
    start = int(min(state.clock.now(), state.clock.machine()))
    end, longest = five_years_after(start), state.environment.longest_mtls_validity
    end = end if longest is None else min(end, start + longest)
    certificate = state.authority.issue(subject, key, (start, end), client_extensions())
    serial = serial_text(certificate.serial_number)
    with state.store.transaction() as db:
        db.execute(
            "INSERT INTO mtls_certificate (serial, account_id, public_key_sha256, certificate, issued_at, not_after)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (serial, account_id, spki_sha256(key), pem_of(certificate), issued_at, end),
        )
        db.executemany("INSERT INTO binding VALUES (?, ?)", [(serial, one) for one in credential_ids])
    return serial


def five_years_after(start: float) -> float:
    """The same day and time five years later; a 29 February becomes 28 February."""
    begun = datetime.fromtimestamp(start, UTC)
    try:
        return begun.replace(year=begun.year + YEARS).timestamp()
    except ValueError:
        return begun.replace(year=begun.year + YEARS, day=28).timestamp()


def of_account(state: AppState, account_id: str) -> list[dict[str, Any]]:
    """The certificates of an account, oldest first, those still being signed included."""
    with state.store.transaction() as db:
        rows = db.execute(
            "SELECT * FROM mtls_certificate WHERE account_id = ? ORDER BY number", (account_id,)
        ).fetchall()
        return [_entry(db, row, state.clock.now()) for row in rows]


def _entry(db: Connection, row: Row, now: float) -> dict[str, Any]:
    bound = db.execute(
        "SELECT api_credential_id FROM binding WHERE serial = ? ORDER BY rowid", (row["serial"],)
    ).fetchall()
    issued = now >= row["issued_at"]
    return {
        "serial": row["serial"],
        "public_key_sha256": row["public_key_sha256"],
        "issued_at": iso(row["issued_at"]) if issued else None,
        "status": "ISSUED" if issued else "PENDING",
        "api_credential_ids": [found["api_credential_id"] for found in bound],
    }


def get(state: AppState, account_id: str, serial: str) -> dict[str, Any] | None:
    """One certificate with its chain, None while it is being signed. Raises Refusal 404 or 422."""
    with state.store.transaction() as db:
        row: Row | None = db.execute(
            "SELECT * FROM mtls_certificate WHERE account_id = ? AND serial = ?",
            (account_id, normal_serial(serial)),
        ).fetchone()
    if row is None:
        raise not_found()
    if state.clock.now() < row["issued_at"]:
        return None
    return {
        "serial": row["serial"],
        "status": "ISSUED",
        "certificate": row["certificate"],
        "chain": state.authority.chain,
        "not_after": iso(row["not_after"]),
    }


def normal_serial(serial: str) -> str:
    """32 upper-case digits; clients drop leading zeros. Raises Refusal 422 in the words of HVCA."""
    if len(serial) > 32:
        raise Refusal(422, "invalid serial number length")
    if not serial.isascii() or not all(digit in "0123456789abcdefABCDEF" for digit in serial):
        raise Refusal(422, "invalid serial number format")
    return serial.upper().zfill(32)
