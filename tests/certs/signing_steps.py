"""What the tests of signing share: planning, waiting, and the real API with somebody who watches each call.

The tests are in test_signing.py and test_signing_crashes.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from atlas.account import AccountApi
from atlas.responses import Response
from atlas.sandbox.server import Sandbox
from certs import signing
from certs.models import Certificate, SigningIntent, SigningRequest
from tests.certs.atlas_customer import Customer, until


def planned(request: SigningRequest, at: Customer, submission: str = "") -> SigningIntent:
    return signing.plan(request, at.account_id, [at.credential.api_credential_id], submission)


def collected(at: Customer, intent: SigningIntent) -> Certificate:
    found: list[Certificate] = []

    def ready() -> bool:
        found.extend(filter(None, [signing.advance(at.api, intent.pk)]))
        return bool(found)

    until(ready)
    return found[0]


class Watched(AccountApi):
    """The real API, to the real local Atlas; `before` and `after` are told of each call, `keys` are the orders'."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox.account_url, sandbox.account_token, sandbox.root_path)
        self.before: Callable[[str], None] = lambda call: None
        self.after: Callable[[str], None] = lambda call: None
        self.keys: list[str] = []

    def _get(self, template: str, query: Mapping[str, str] | None = None, **ids: str) -> Response:
        self.before("GET")
        answer = super()._get(template, query, **ids)
        self.after("GET")
        return answer

    def _create(
        self, template: str, ids: Mapping[str, str], body: Mapping[str, object], idempotency_key: str
    ) -> Response:
        self.keys.append(idempotency_key)
        self.before("POST")
        answer = super()._create(template, ids, body, idempotency_key)
        self.after("POST")
        return answer
