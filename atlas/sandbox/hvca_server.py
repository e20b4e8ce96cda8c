"""HVCA API v2 as clients meet it: the table of its routes, sign-in, tokens, and the words of its answers.

What is issued is decided in hvca_request.py and written in hvca_orders.py; /claims is in hvca_claims.py.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from sqlite3 import Row

from werkzeug.wrappers import Response

from atlas.sandbox import credentials, hvca_changes, hvca_orders, identity
from atlas.sandbox.app_state import AppState, sha256
from atlas.sandbox.ca import serial_text
from atlas.sandbox.hvca_claims import ClaimRows
from atlas.sandbox.hvca_stats import EVENTS, statistics
from atlas.sandbox.problems import Refusal, unauthorized
from atlas.sandbox.rate import RateLimit
from atlas.sandbox.routing import Call, JsonServer, Route, Table, answer_empty, answer_json, bearer_token

PREFIX = "/v2"
DRY_RUN = "domain-validation"
REMEMBERED_SECONDS = 86_400
"""How long a token that is over is still known as one."""
_KEY = re.compile(r"[A-Fa-f0-9]{16}")
_SECRET = re.compile(r"[A-Fa-f0-9]{40}")


class HvcaServer(JsonServer):
    """One row per call; a call that is served later needs a row and a method."""

    names_errors = False
    needs_charset = True

    def __init__(self, state: AppState) -> None:
        self.state = state
        self.rate = RateLimit(state.options.rate_limit)
        super().__init__(
            Table(
                PREFIX,
                [
                    Route("POST", "/login", self.login, body=True, public=True),
                    Route("GET", "/validationpolicy", self.validation_policy),
                    Route("POST", "/certificates", self.issue, body=True),
                    Route("GET", "/certificates/{serial}", self.certificate),
                    Route("PATCH", "/certificates/{serial}", self.revoke_with_reason, body=True),
                    Route("DELETE", "/certificates/{serial}", self.revoke),
                    Route("POST", "/certificates/{serial}/rekey", self.rekey, body=True),
                    Route("GET", "/trustchain", self.trust_chain),
                    Route("GET", "/quotas/issuance", self.quota),
                    Route("GET", "/counters/certificates/issued", self.counter(revoked=False)),
                    Route("GET", "/counters/certificates/revoked", self.counter(revoked=True)),
                    *(Route("GET", f"/stats/{name}", statistics(state, PREFIX, name)) for name in EVENTS),
                    *ClaimRows(state, PREFIX, "domains").routes(),
                    *ClaimRows(state, PREFIX, "ipaddresses").routes(),
                ],
            )
        )

    def login(self, call: Call) -> Response:
        """A fresh token for key, secret and a client certificate that is bound to the key."""
        key, secret = _sent_credentials(call.body)
        with self.state.store.transaction() as db:
            credential = self._credential(key, call.peer_serial)
            if not credentials.secret_fits(credential, secret):
                raise unauthorized()
            token, now = secrets.token_urlsafe(96), self.state.clock.now()
            db.execute("DELETE FROM token WHERE expires_at <= ?", (now - REMEMBERED_SECONDS,))
            expires = now + self.state.options.token_seconds
            db.execute("INSERT INTO token VALUES (?, ?, ?)", (sha256(token), credential["api_key"], expires))
        return answer_json({"access_token": token})

    def _credential(self, api_key: str, peer_serial: int | None) -> Row:
        """The credential of a key, used with its own client certificate. Raises Refusal 401 or 503."""
        with self.state.store.transaction() as db:
            credential = credentials.by_key(db, api_key)
            serial = serial_text(peer_serial or 0)
            if credential is None or not credentials.is_bound(db, credential, serial):
                raise unauthorized()
        identity.refuse_if_down(credential, self.state.clock.now(), tell=False)
        return credential

    def admit(self, call: Call) -> None:
        """A token that is alive, over a connection with a certificate bound to its key.

        The words for one that is not are those on which GlobalSign's Go client signed in again until June 2021.
        """
        token = bearer_token(call.request)
        if token is None:
            raise unauthorized()
        with self.state.store.transaction() as db:
            row: Row | None = db.execute(
                "SELECT api_key, expires_at FROM token WHERE token_sha256 = ?", (sha256(token),)
            ).fetchone()
        if row is None:
            raise unauthorized("Signature is invalid")
        if row["expires_at"] <= self.state.clock.now():
            raise unauthorized("Token is expired")
        self._credential(row["api_key"], call.peer_serial)
        call.caller = row["api_key"]
        self.rate.take(call.caller)

    def validation_policy(self, call: Call) -> Response:
        """What this key may ask for."""
        return answer_json(hvca_orders.policy_of(self.state, self._credential(call.caller, call.peer_serial)))

    def issue(self, call: Call) -> Response:
        """201 with a path-only Location; the certificate follows. 204 for a dry run, asked for by a header."""
        credential = self._credential(call.caller, call.peer_serial)
        if call.request.headers.get("mode", "").lower() == DRY_RUN:
            hvca_orders.check(self.state, credential, call.body)
            return answer_empty()
        serial = hvca_orders.issue(self.state, credential, call.body)
        return answer_empty(201, f"{PREFIX}/certificates/{serial}")

    def certificate(self, call: Call) -> Response:
        """200, or 202 while it is being issued."""
        found = hvca_orders.collect(self.state, call.caller, call.args["serial"])
        return answer_json(found) if found else answer_json({"description": "Operation in progress"}, 202)

    def revoke_with_reason(self, call: Call) -> Response:
        """PATCH, the present form."""
        hvca_changes.revoke(self.state, call.caller, call.args["serial"], call.body)
        return answer_empty()

    def revoke(self, call: Call) -> Response:
        """DELETE, the older form, still used in the field."""
        hvca_changes.revoke(
            self.state, call.caller, call.args["serial"], {"revocation_reason": "unspecified"}
        )
        return answer_empty()

    def rekey(self, call: Call) -> Response:
        """201 with the Location of another certificate."""
        credential = self._credential(call.caller, call.peer_serial)
        serial = hvca_changes.rekey(self.state, credential, call.args["serial"], call.body)
        return answer_empty(201, f"{PREFIX}/certificates/{serial}")

    def trust_chain(self, call: Call) -> Response:
        """PEM texts, the issuer first, the root last."""
        return answer_json(self.state.authority.chain)

    def quota(self, call: Call) -> Response:
        """What remains, not what was granted."""
        with self.state.store.transaction() as db:
            return answer_json({"value": hvca_orders.remaining(self.state, db, call.caller)})

    def counter(self, *, revoked: bool) -> Callable[[Call], Response]:
        """How many certificates have been issued, or revoked."""

        def count(call: Call) -> Response:
            with self.state.store.transaction() as db:
                return answer_json({"value": hvca_orders.count(db, call.caller, revoked=revoked)})

        return count


def _sent_credentials(body: object) -> tuple[str, str]:
    if isinstance(body, dict):
        key, secret = body.get("api_key"), body.get("api_secret")
        if (
            isinstance(key, str)
            and isinstance(secret, str)
            and _KEY.fullmatch(key)
            and _SECRET.fullmatch(secret)
        ):
            return key, secret
    raise Refusal(422, "Invalid login request")
