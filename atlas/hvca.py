"""The published HVCA API v2, one method per call, in its own words; signs in by itself and keeps the token.
Not here: waiting. A certificate that is not there yet is NotReady, and the caller looks again later.
"""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

from atlas.answers import Answer
from atlas.errors import Busy, Refused
from atlas.hvca_reading import (
    read_certificate,
    read_location,
    read_policy,
    read_token,
    read_trust_chain,
    read_value,
    write_request,
)
from atlas.transport import Transport
from atlas.types import (
    CertificateRequest,
    ClientIdentity,
    IssuedCertificate,
    RevocationReason,
    Timeouts,
    ValidationPolicy,
)

TOKEN_AGE = 540.0  # seconds; a token lives 10 minutes (HVCA API document 2.10), less one as a margin


class Hvca:
    """One API credential with its mTLS certificate at one HVCA (`url` ends in /v2).

    For one thread at a time. Every call may raise any AtlasError. `clock` gives seconds that only grow.
    """

    def __init__(
        self,
        url: str,
        api_key: str,
        api_secret: str,
        identity: ClientIdentity | None,
        root: Path | None = None,
        timeouts: Timeouts | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._api_key = api_key
        self._api_secret = api_secret
        self._transport = Transport(url, identity, root, timeouts)
        self._clock = clock
        self._token: str | None = None
        self._token_since = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections and forget the token."""
        self._token = None
        self._transport.close()

    def login(self) -> None:
        """POST /login: get a new token. Refused: key, secret and certificate do not belong together."""
        self._token = None
        since = self._clock()
        answer = self._transport.call(
            "POST", "/login", body={"api_key": self._api_key, "api_secret": self._api_secret}
        )
        self._token, self._token_since = read_token(answer), since

    def validation_policy(self) -> ValidationPolicy:
        """GET /validationpolicy: what this credential may ask for."""
        return read_policy(self._call("GET", "/validationpolicy"))

    def issue(self, request: CertificateRequest) -> str:
        """POST /certificates: ask for a certificate; answers its serial number, to be collected later.

        Sent once only, whatever happens, for a second one would be a second certificate. Unreachable with
        `outcome_unknown`, or Unexpected: it may have been taken. Busy with `retry_after` 0: the token had
        lapsed, nothing was issued, and the request may be made again.
        """
        self._sign_in()
        try:
            answer = self._send("POST", "/certificates", body=write_request(request), good=(201,))
        except Refused as refused:
            if refused.status != 401:
                raise
        else:
            return read_location(answer)
        self.login()
        raise Busy(0.0, "The sign-in had lapsed. Nothing was issued.")

    def certificate(self, serial: str) -> IssuedCertificate:
        """GET /certificates/{serial}: NotReady while it is being made, Rejected 404 if there is none."""
        return read_certificate(self._call("GET", "/certificates/{serial}", ids={"serial": serial}), serial)

    def revoke(self, serial: str, reason: RevocationReason = RevocationReason.UNSPECIFIED) -> None:
        """PATCH /certificates/{serial}: revoke as of now."""
        body = {"revocation_reason": reason.value}
        self._call("PATCH", "/certificates/{serial}", ids={"serial": serial}, body=body, good=(204,))

    def trust_chain(self) -> tuple[str, ...]:
        """GET /trustchain: PEM certificates, the issuer first, the root last."""
        return read_trust_chain(self._call("GET", "/trustchain"))

    def issuance_quota(self) -> int:
        """GET /quotas/issuance: how many certificates may still be issued."""
        return read_value(self._call("GET", "/quotas/issuance"))

    def certificates_issued(self) -> int:
        """GET /counters/certificates/issued: how many were issued so far."""
        return read_value(self._call("GET", "/counters/certificates/issued"))

    def certificates_revoked(self) -> int:
        """GET /counters/certificates/revoked: how many were revoked so far."""
        return read_value(self._call("GET", "/counters/certificates/revoked"))

    def _sign_in(self) -> None:
        """Have a token that is young enough. A 401 from the login itself is final and comes through."""
        if self._token is None or self._clock() - self._token_since >= TOKEN_AGE:
            self.login()

    def _call(self, method: str, template: str, **details: Any) -> Answer:
        """A call that may be made again: after a 401, once, with a new token."""
        self._sign_in()
        try:
            return self._send(method, template, **details)
        except Refused as refused:
            if refused.status != 401:
                raise
        self.login()
        return self._send(method, template, **details)

    def _send(
        self,
        method: str,
        template: str,
        *,
        ids: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
        good: tuple[int, ...] = (200,),
    ) -> Answer:
        return self._transport.call(method, template, ids=ids, body=body, bearer=self._token, good=good)
