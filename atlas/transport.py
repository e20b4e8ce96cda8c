"""Speaks HTTP to one API of Atlas: TLS, time limits, short retries, bounded answers, one log line per call.
Not here: which calls exist and what their answers mean; hvca and account know that.
"""

import json
import logging
import random
import re
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self, cast
from urllib.parse import quote, urlencode, urlsplit

import requests
from requests.structures import CaseInsensitiveDict

from atlas.breaker import Breaker
from atlas.budget import Budget, UnlimitedBudget
from atlas.connections import Adapter, Deadline
from atlas.errors import AtlasError, Rejected, Unexpected, Unreachable
from atlas.responses import Response, require_status
from atlas.tls import client_context
from atlas.transport_errors import REQUEST_EXCEPTIONS, Failure, classify_failure
from atlas.types import ClientIdentity, Timeouts

LONGEST_ANSWER = 1024 * 1024  # bytes; the longest known one, a validation policy, has a few thousand
CONTENT_TYPE = "application/json;charset=utf-8"  # the exact form in HVCA API document 2.1
PAUSES = (0.25, 0.9)  # seconds before the second and the third try; with jitter under 2 s together
_SECRET_FIELDS = ("api_key", "api_secret", "password")
_HEADERS = {
    "User-Agent": "certificate-onboarding",
    "Accept": "application/json, application/problem+json",
    "Accept-Encoding": "identity",  # so that the limit on the length holds for what we unpack
}
_OUR_HEADERS = {
    "authorization", "content-type", "content-length", "transfer-encoding", "host", "connection", "cookie", "mode",
    "accept", "accept-encoding", "expect",
}  # fmt: skip
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110 section 5.6.2
_HEADER_VALUE = re.compile(r"[!-~]([ -~]*[!-~])?")
_log = logging.getLogger("atlas")


def _no_wire_text(record: logging.LogRecord) -> bool:
    # About a malformed header urllib3 would log our address, ids and all, and whatever bytes the server sent.
    return not str(record.msg).startswith("Failed to parse headers")


logging.getLogger("urllib3.connection").addFilter(_no_wire_text)


@dataclass(frozen=True, slots=True, repr=False)
class _Request:
    method: str
    url: str
    data: bytes | None
    headers: Mapping[str, str]
    secrets: tuple[str, ...]


class Transport:
    """One API of Atlas at `base_url` (https only), with keep-alive.

    For one thread and one process at a time: make one per thread, and make it after a fork. `identity` is
    shown to a server that asks for a client certificate; `root` is a PEM bundle of the only roots to trust
    (None: the system's). `budget` and `breaker` are asked before each try; None: no limit, always closed.
    `extra_headers` go with every call, for a gateway in front of Atlas; values of 8 characters and more are hidden in
    what Atlas answers.
    Raises ValueError for an address, root or header that cannot be used, Refused for such an identity.
    """

    def __init__(
        self,
        base_url: str,
        identity: ClientIdentity | None = None,
        root: Path | None = None,
        timeouts: Timeouts | None = None,
        budget: Budget | None = None,
        breaker: Breaker | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> None:
        parts = urlsplit(base_url)
        more = parts.username or parts.query or parts.fragment
        if parts.scheme != "https" or not parts.hostname or parts.port == 0 or more:
            raise ValueError("The address of Atlas must look like https://host:port/path.")
        self._base_url = base_url.rstrip("/")
        self._timeouts = timeouts or Timeouts()
        self._deadline = Deadline(self._timeouts.read)
        self._budget = budget or UnlimitedBudget()
        self._breaker = breaker
        self._extra = check_headers(extra_headers or {})
        self._checked: tuple[Mapping[str, str] | None, dict[str, str]] = None, {}
        self._adapter = Adapter(self._base_url, client_context(identity, root), self._deadline)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; the transport opens new ones if it is used again."""
        self._adapter.close()

    def call(
        self,
        method: str,
        template: str,
        *,
        ids: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
        bearer: str | None = None,
        headers: Mapping[str, str] | None = None,
        expected: Collection[int] = (200,),
    ) -> Response:
        """The answer to one call, if its status is in `expected`; any AtlasError otherwise.

        `template` is a path such as /certificates/{serial}, which is what is logged; `ids` fill it.
        At most two repeats, for a GET after a lost connection or a 503 that names no time, and for any
        method when no connection could be made, so that nothing was sent. All tries share one time limit.
        """
        request = _Request(
            method,
            self._base_url + _path(template, ids or {}, query or {}),
            None if body is None else json.dumps(body, allow_nan=False).encode(),
            _headers({**self._extra, **(headers or {})}, body is not None, bearer),
            (*_secrets(body, bearer), *(value for value in self._extra.values() if len(value) >= 8)),
        )
        started = time.perf_counter()
        result = self._send_patiently(request)
        status = result.status if isinstance(result, Response) else type(result.error).__name__
        _log.info("%s %s %s %.0f ms", method, template, status, (time.perf_counter() - started) * 1000)
        if isinstance(result, Response):
            return require_status(result, expected)
        raise result.error

    def _send_patiently(self, request: _Request) -> Response | Failure:
        self._deadline.set(self._timeouts.total)
        for pause in PAUSES:
            result = self._send_if_allowed(request)
            wait = pause * random.uniform(0.5, 1.5)  # noqa: S311 - jitter, not a secret
            if not _is_transient(result, request.method) or self._deadline.left() <= wait:
                return result
            time.sleep(wait)
        return self._send_if_allowed(request)

    def _send_if_allowed(self, request: _Request) -> Response | Failure:
        """One try, if budget and breaker let it out; the breaker hears how it went."""
        try:
            if self._breaker:
                self._breaker.before_call()
            self._budget.take()
        except AtlasError as held_back:
            return Failure(held_back)
        result = self._send(request)
        if self._breaker:
            _report_to_breaker(self._breaker, result)
        return result

    def _send(self, request: _Request) -> Response | Failure:
        """One try. A failure is a value, so that no error refers to the request and its headers.

        Through the adapter, without a session of requests: nothing of the environment, no cookie and no redirect is to
        be heeded, and looking for them takes a session half of its time.
        """
        limits = self._timeouts
        try:
            response = self._adapter.send(
                self._prepare(request), stream=True, timeout=(limits.connect, limits.read)
            )
            try:
                body = _read(response)
            finally:
                response.close()
            return Response(response.status_code, response.headers, body, request.secrets)
        except AtlasError as error:
            return Failure(error)
        except REQUEST_EXCEPTIONS as error:
            return classify_failure(error)

    def _prepare(self, request: _Request) -> requests.PreparedRequest:
        """The headers are checked when they are others than those of the call before; urllib3 copies them."""
        prepared = requests.PreparedRequest()
        prepared.method, prepared.url = request.method, request.url
        if request.headers != self._checked[0]:
            prepared.prepare_headers({**_HEADERS, **request.headers})
            self._checked = request.headers, dict(prepared.headers)
        # A plain dictionary, which is all that urllib3 asks for and is read in a third of the time.
        prepared.headers = cast("CaseInsensitiveDict[str]", dict(self._checked[1]))
        if request.data is not None:
            prepared.prepare_body(request.data, None)
        return prepared


def _is_transient(result: Response | Failure, method: str) -> bool:
    """Whether the same request may be made again, and may well be answered, a moment later."""
    if isinstance(result, Response):
        return method == "GET" and result.status == 503 and "Retry-After" not in result.headers
    return result.transient and (method == "GET" or not getattr(result.error, "outcome_unknown", True))


def _report_to_breaker(breaker: Breaker, result: Response | Failure) -> None:
    """A 4xx is an answer of an Atlas that lives; so is its refusal of our certificate."""
    if isinstance(result, Response):
        breaker.record_failure() if result.status >= 500 else breaker.record_success()
    elif isinstance(result.error, Unreachable):
        breaker.record_failure()


def _read(response: requests.Response) -> bytes:
    """The body as it is on the wire, within the limit of length; the connection knows the limit of time."""
    body = bytearray()
    while piece := response.raw.read1(65_536, decode_content=False):
        body += piece
        if len(body) > LONGEST_ANSWER:
            raise Unexpected(f"an answer of more than {LONGEST_ANSWER} bytes")
        if response.raw.length_remaining == 0:  # finding the end would take as long once more
            break
    return bytes(body)


def _path(template: str, ids: Mapping[str, str], query: Mapping[str, str]) -> str:
    """The path with its ids, each one segment whatever it holds: an id never leads to another call."""
    if any(value in ("", ".", "..") for value in ids.values()):
        raise Rejected(0, "An id is empty, or only dots.")
    path = re.sub(r"\{(\w+)\}", lambda name: quote(ids[name[1]], safe="", errors="replace"), template)
    return f"{path}?{urlencode(query, errors='replace')}" if query else path


def check_headers(extra: Mapping[str, str]) -> Mapping[str, str]:
    """The headers, if they can be sent beside ours. Raises ValueError; the message names no value."""
    for name, value in extra.items():
        if not _HEADER_NAME.fullmatch(name) or name.lower() in _OUR_HEADERS:
            raise ValueError(
                f"The extra header {name[:60]!r} cannot be sent: it is ours, or no name of a header."
            )
        if not _HEADER_VALUE.fullmatch(value):
            raise ValueError(f"The extra header {name} needs a value of one line in ASCII.")
    return dict(extra)


def _headers(more: Mapping[str, str], has_body: bool, bearer: str | None) -> dict[str, str]:
    headers = dict(more)
    if has_body:
        headers["Content-Type"] = CONTENT_TYPE
    if bearer is not None:
        headers["Authorization"] = f"Bearer {bearer}"
    return headers


def _secrets(body: Mapping[str, object] | None, bearer: str | None) -> tuple[str, ...]:
    found = [value for name in _SECRET_FIELDS if isinstance(value := (body or {}).get(name), str)]
    return (*found, bearer) if bearer else tuple(found)
