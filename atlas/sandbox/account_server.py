"""The account API as docs/atlas-account-api.yaml describes it: its routes.

The moves live in modules of their own.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from sqlite3 import Row
from typing import Any

from werkzeug.wrappers import Response

from atlas.sandbox import account_changes, credentials, fields, identity, mail, mtls, registration, users
from atlas.sandbox.app_state import AppState, sha256
from atlas.sandbox.fields import Wrong
from atlas.sandbox.problems import invalid, unauthorized
from atlas.sandbox.routing import Call, JsonServer, Route, Table, answer_empty, answer_json, bearer_token

PREFIX = "/account/v1"
ANSWERS_KEPT = 24 * 3600.0
_IDEMPOTENCY_KEY = re.compile(r"[!-~]{1,128}")


class AccountServer(JsonServer):
    """One row per call of the contract."""

    def __init__(self, state: AppState, token: str) -> None:
        self.state = state
        self.token_hash = sha256(token)
        one = "/accounts/{account_id}"
        super().__init__(
            Table(
                PREFIX,
                [
                    Route("POST", "/registrations", self.register, body=True, idempotent=True),
                    Route("GET", "/accounts", self.find),
                    Route("GET", "/account-changes", self.changes),
                    Route("GET", one, self.account),
                    Route("GET", f"{one}/emails", self.listing(mail.sent)),
                    Route(
                        "POST",
                        f"{one}/invitation/accept",
                        self.move(registration.accept_invitation),
                        body=True,
                    ),
                    Route(
                        "POST", f"{one}/payment-method", self.move(registration.set_payment_method), body=True
                    ),
                    Route("POST", f"{one}/quote/accept", self.move(registration.accept_quote), body=True),
                    Route("GET", f"{one}/identity-profiles", self.listing(identity.of_account)),
                    Route(
                        "POST", f"{one}/identity-profiles", self.request_identity, body=True, idempotent=True
                    ),
                    Route("GET", f"{one}/identity-profiles/{{identity_profile_id}}", self.profile),
                    Route("GET", f"{one}/api-credentials", self.listing(credentials.of_account)),
                    Route("POST", f"{one}/api-credentials", self.generate, body=True, idempotent=True),
                    Route("GET", f"{one}/mtls-certificates", self.listing(mtls.of_account)),
                    Route("POST", f"{one}/mtls-certificates", self.order, body=True, idempotent=True),
                    Route("GET", f"{one}/mtls-certificates/{{serial}}", self.certificate),
                    Route("GET", f"{one}/users", self.listing(users.of_account)),
                    Route("POST", f"{one}/users", self.add_user, body=True, idempotent=True),
                    Route("GET", f"{one}/users/{{user_id}}", self.user),
                    Route("DELETE", f"{one}/users/{{user_id}}", self.remove_user),
                    Route("PUT", f"{one}/scenario", self.move(registration.set_scenario), body=True),
                ],
            )
        )

    def admit(self, call: Call) -> None:
        """The one bearer token of this Atlas."""
        if not hmac.compare_digest(sha256(bearer_token(call.request) or ""), self.token_hash):
            raise unauthorized()

    def perform(self, route: Route, call: Call) -> Response:
        """In one transaction: the account exists and is not down, then the row, once per Idempotency-Key."""
        with self.state.store.transaction():
            if "account_id" in call.args:
                account = self._account(call)
                if not route.path.endswith("/scenario"):
                    identity.refuse_if_down(account, self.state.clock.now(), tell=True)
            key = call.request.headers.get("Idempotency-Key") if route.idempotent else None
            return route.handler(call) if key is None else self._once(key, route, call)

    def _once(self, key: str, route: Route, call: Call) -> Response:
        """The first answer again for the same key and body; the key alone opens the kept answer."""
        if not _IDEMPOTENCY_KEY.fullmatch(key):
            raise invalid("Idempotency-Key")
        secret = f"{call.request.path.rstrip('/')}\n{key}"
        fingerprint = sha256(call.request.get_data(as_text=True))
        stored = self.state.read_sealed(secret)
        if stored is None:
            response = route.handler(call)
            self.state.store_sealed(secret, response.get_data(as_text=True), ANSWERS_KEPT, fingerprint)
            return response
        text, first = stored
        if first != fingerprint:
            raise invalid("Idempotency-Key", "was used for another request")
        response = answer_json(None, 201)
        response.set_data(text)
        return response

    def _account(self, call: Call) -> Row:
        with self.state.store.transaction() as db:
            return registration.row_of(db, call.args["account_id"])

    def listing(self, read: Callable[[AppState, str], list[dict[str, Any]]]) -> Callable[[Call], Response]:
        """A row that lists something of the account."""
        return lambda call: answer_json(read(self.state, call.args["account_id"]))

    def move(self, act: Callable[[AppState, str, object], None]) -> Callable[[Call], Response]:
        """A row that moves the account on and answers nothing."""

        def perform(call: Call) -> Response:
            act(self.state, call.args["account_id"], call.body)
            return answer_empty()

        return perform

    def register(self, call: Call) -> Response:
        """A new account."""
        return answer_json({"account_id": registration.register(self.state, call.body)}, 201)

    def find(self, call: Call) -> Response:
        """By the email address of the contact."""
        try:
            email = fields.EMAIL(call.request.args.get("email", ""))
        except Wrong as wrong:
            raise invalid("email", str(wrong)) from None
        found = registration.find(self.state, email)
        return answer_json([registration.get(self.state, row["account_id"]) for row in found])

    def changes(self, call: Call) -> Response:
        """Which accounts have changed."""
        return answer_json(account_changes.list_changes(self.state, call.request.args.get("changed_since")))

    def account(self, call: Call) -> Response:
        """How far the account is."""
        return answer_json(registration.get(self.state, call.args["account_id"]))

    def request_identity(self, call: Call) -> Response:
        """A new identity profile."""
        made = identity.request(self.state, self._account(call), call.body)
        return answer_json({name: made[name] for name in ("identity_profile_id", "status")}, 201)

    def profile(self, call: Call) -> Response:
        """One identity profile."""
        return answer_json(
            identity.get(self.state, call.args["account_id"], call.args["identity_profile_id"])
        )

    def generate(self, call: Call) -> Response:
        """A new API credential, with its secret."""
        return answer_json(credentials.generate(self.state, call.args["account_id"], call.body), 201)

    def order(self, call: Call) -> Response:
        """A new mTLS certificate."""
        return answer_json({"serial": mtls.order(self.state, call.args["account_id"], call.body)}, 201)

    def certificate(self, call: Call) -> Response:
        """200, or 202 while it is being signed."""
        found = mtls.get(self.state, call.args["account_id"], call.args["serial"])
        return answer_json(found) if found else answer_json({"description": "Operation in progress"}, 202)

    def add_user(self, call: Call) -> Response:
        """A new user."""
        return answer_json(users.add(self.state, self._account(call), call.body), 201)

    def user(self, call: Call) -> Response:
        """One user."""
        return answer_json(users.get(self.state, call.args["account_id"], call.args["user_id"]))

    def remove_user(self, call: Call) -> Response:
        """Remove a user."""
        users.remove(self.state, call.args["account_id"], call.args["user_id"])
        return answer_empty()
