"""What happens to a certificate of HVCA after it was issued: it is revoked, or issued again for another key."""

from __future__ import annotations

from sqlite3 import Row

from cryptography import x509

from atlas.sandbox import hvca_orders as orders
from atlas.sandbox.app_state import AppState
from atlas.sandbox.ca import Extension
from atlas.sandbox.hvca_request import Wanted, public_key, signing_choice
from atlas.sandbox.hvca_rules import block, malformed
from atlas.sandbox.keys import BadKey, read_csr
from atlas.sandbox.problems import Refusal, bad_request, invalid

REASONS = (
    "unspecified", "keyCompromise", "affiliationChanged", "cessationOfOperation", "superseded", "privilegeWithdrawn",
)  # fmt: skip
_MEMBERS = {"revocation_reason", "revocation_time", "key_compromise_attestation"}
_OF_ONE_KEY = (
    x509.SubjectKeyIdentifier, x509.AuthorityKeyIdentifier, x509.BasicConstraints, x509.CRLDistributionPoints,
    x509.AuthorityInformationAccess,
)  # fmt: skip


def revoke(state: AppState, api_key: str, serial: str, body: object) -> None:
    """Revoke a certificate; once more changes nothing, or is a conflict, as was chosen. Raises Refusal 4xx."""
    reason, moment = _revocation(body, state.clock.now())
    with state.store.transaction() as db:
        row = orders.row_of(db, api_key, serial)
        status = orders.status_of(state, row)
        if status == "REVOKED" and state.options.revoke_twice == "success":
            return
        if status != "ISSUED":
            raise Refusal(409, f"Cannot revoke a {status} certificate")
        db.execute(
            "UPDATE certificate SET revoked_at = ?, reason = ?, revoked_event = ? WHERE number = ?",
            (moment, reason, state.clock.now(), row["number"]),
        )


def _revocation(body: object, now: float) -> tuple[str, float]:
    if not isinstance(body, dict) or not set(body) <= _MEMBERS:
        raise bad_request()
    reason, moment = body.get("revocation_reason"), body.get("revocation_time") or 0
    if reason is None:
        raise invalid("revocation_reason", "is required")
    if reason not in REASONS:
        raise invalid("revocation_reason")
    if type(moment) is not int or not 0 <= moment <= now:
        raise invalid("revocation_time")
    _attestation(body.get("key_compromise_attestation"))
    return reason, moment or now


def _attestation(sent: object) -> None:
    """A CSR made with the compromised key, if anything; only that it is one is checked."""
    if not sent:
        return
    try:
        read_csr(sent if isinstance(sent, str) else "")
    except BadKey as bad:
        raise invalid("key_compromise_attestation", str(bad)) from None


def rekey(state: AppState, credential: Row, serial: str, body: object) -> str:
    """The same certificate for another key, from now until the old end; its serial number. Raises Refusal 4xx.

    That it counts against the quota and leaves the old one alone is inference.
    """
    if not isinstance(body, dict) or not set(body) <= {"public_key", "public_key_signature", "signature"}:
        raise malformed()
    with state.store.transaction() as db:
        row = orders.row_of(db, credential["api_key"], serial)
        status = orders.status_of(state, row)
        if status != "ISSUED":
            raise Refusal(409, f"Cannot rekey a {status} certificate")
        if orders.remaining(state, db, credential["api_key"]) <= 0:
            raise Refusal(402, "Quota Reached")
        return orders.sign(state, credential["api_key"], _again(state, credential, row, body))


def _again(state: AppState, credential: Row, row: Row, body: dict[str, object]) -> Wanted:
    policy, now = orders.policy_of(state, credential), int(state.clock.now())
    old = x509.load_pem_x509_certificate(row["certificate"].encode())
    if now >= row["not_after"]:
        raise Refusal(409, "Cannot rekey an expired certificate")
    kept: list[Extension] = [
        (extension.value, extension.critical)
        for extension in old.extensions
        if not isinstance(extension.value, _OF_ONE_KEY)
    ]
    signing, key = signing_choice(policy, block(body, "signature")), public_key(policy, body)
    return Wanted(old.subject, key, (now, row["not_after"]), kept, signing)
