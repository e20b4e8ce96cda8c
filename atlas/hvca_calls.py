"""How any call to HVCA is made: signed in, with a fresh token after a 401, page by page where the answer is a list.
Not here: which calls exist; hvca_certificates and hvca_claims have them.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Self, TypeVar

from atlas.breaker import Breaker
from atlas.budget import Budget, process_budget
from atlas.errors import RateLimited, Refused, Unexpected
from atlas.hvca_parsing import has_next_page, parse_token, parse_total
from atlas.responses import Response
from atlas.transport import Transport
from atlas.types import ClientIdentity, Page, Timeouts

T = TypeVar("T")
TOKEN_AGE = 540.0  # seconds; a token lives 10 minutes (HVCA API document 2.10), less one as a margin
MOST_PAGES = 10_000  # a list that is longer has no end


class HvcaSession:
    """One API credential with its mTLS certificate at one HVCA. See Hvca, which has the calls."""

    def __init__(
        self,
        url: str,
        api_key: str,
        api_secret: str,
        identity: ClientIdentity | None,
        root: Path | None = None,
        timeouts: Timeouts | None = None,
        clock: Callable[[], float] = time.monotonic,
        budget: Budget | None = None,
        breaker: Breaker | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> None:
        self._api_key = api_key
        self._api_secret = api_secret
        budget = budget or process_budget(sha256(f"{url} {api_key}".encode()).hexdigest())
        self._transport = Transport(url, identity, root, timeouts, budget, breaker, extra_headers)
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
        response = self._transport.call(
            "POST", "/login", body={"api_key": self._api_key, "api_secret": self._api_secret}
        )
        self._token, self._token_since = parse_token(response), since

    def _sign_in(self) -> None:
        """Have a token that is young enough. A 401 from the login itself is final and comes through."""
        if self._token is None or self._clock() - self._token_since >= TOKEN_AGE:
            self.login()

    def _call(self, method: str, template: str, **details: Any) -> Response:
        """A call that may be made again: after a 401, once, with a new token."""
        self._sign_in()
        try:
            return self._send(method, template, **details)
        except Refused as refused:
            if refused.status != 401:
                raise
        self.login()
        return self._send(method, template, **details)

    def _call_once(self, template: str, **details: Any) -> Response:
        """A POST that makes something each time it is made: sent once, even after a 401."""
        self._sign_in()
        try:
            return self._send("POST", template, **details)
        except Refused as refused:
            if refused.status != 401:
                raise
        self.login()
        raise RateLimited(0.0, "The sign-in had lapsed. Nothing was issued.")

    def _rows(self, template: str, query: Mapping[str, str], kind: type[tuple[T, ...]]) -> Iterator[T]:
        """All rows of a list, page after page, as long as HVCA says that there is another one."""
        # The address of the next page is not taken from the answer: it would decide where we call.
        for page in range(1, MOST_PAGES + 1):
            response = self._call("GET", template, query={**query, "page": str(page)})
            rows = response.parse(kind)
            yield from rows
            if not has_next_page(response, page, int(query["per_page"])):
                return
            if not rows:
                raise Unexpected("an empty page of a list that goes on")
        raise Unexpected(f"a list of more than {MOST_PAGES} pages")

    def _page(
        self, template: str, query: Mapping[str, str], kind: type[tuple[T, ...]], page: int, per_page: int
    ) -> Page[T]:
        """One page, with what HVCA says of the others."""
        more = {**query, "page": str(page), "per_page": str(per_page)}
        response = self._call("GET", template, query=more)
        return Page(response.parse(kind), parse_total(response), has_next_page(response, page, per_page))

    def _send(
        self,
        method: str,
        template: str,
        *,
        ids: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        expected: tuple[int, ...] = (200,),
    ) -> Response:
        return self._transport.call(
            method,
            template,
            ids=ids,
            query=query,
            body=body,
            bearer=self._token,
            headers=headers,
            expected=expected,
        )
