"""Speaks HTTP to one Atlas face: TLS, time limits, short retries, bounded answers, one log line per call.
Not here: which calls exist and what their answers mean; hvca and account know that.
"""

import json
import logging
import random
import re
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from ssl import SSLContext, SSLEOFError, SSLSocket
from typing import Any, Self
from urllib.parse import quote, urlencode, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool

from atlas.answers import Answer, judge
from atlas.errors import AtlasError, Rejected, Unexpected, Unreachable
from atlas.failures import FAILURES, Failure, explain
from atlas.tls import client_context
from atlas.types import ClientIdentity, Timeouts

LONGEST_ANSWER = 1024 * 1024  # bytes; the longest known one, a validation policy, has a few thousand
CONTENT_TYPE = "application/json;charset=utf-8"  # the exact form in HVCA API document 2.1
PAUSES = (0.25, 0.9)  # seconds before the second and the third try of a GET; with jitter under 2 s together
_SECRET_FIELDS = ("api_key", "api_secret", "password")
_HEADERS = {
    "User-Agent": "certificate-onboarding",
    "Accept": "application/json, application/problem+json",
    "Accept-Encoding": "identity",  # so that the limit on the length holds for what we unpack
}
_log = logging.getLogger("atlas")


def _no_wire_text(record: logging.LogRecord) -> bool:
    # About a malformed header urllib3 would log our address, ids and all, and whatever bytes the server sent.
    return not str(record.msg).startswith("Failed to parse headers")


logging.getLogger("urllib3.connection").addFilter(_no_wire_text)


class _Connection(HTTPSConnection):
    """Asks a server that hung up for its reason before it reports that it hung up.

    TLS 1.3 turns a client certificate down after the handshake, when our request is already on its way: the
    reason then lies unread behind a failed send (RFC 8446 section 4.4.2.4).
    """

    def send(self, data: Any) -> None:
        try:
            super().send(data)
        except (ConnectionError, SSLEOFError):
            if isinstance(self.sock, SSLSocket):
                self.sock.recv(1)  # raises the alert, if there is one
            raise


class _Pool(HTTPSConnectionPool):
    ConnectionCls = _Connection


class _Adapter(HTTPAdapter):
    """Connections that use our TLS context as it is; requests would add its own roots to it."""

    def __init__(self, context: SSLContext) -> None:
        self._context = context
        super().__init__(pool_connections=1, pool_maxsize=4)
        self.poolmanager.pool_classes_by_scheme = {"https": _Pool}

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> Any:
        host, _ = super().build_connection_pool_key_attributes(request, verify)
        return host, {"ssl_context": self._context}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Nothing to do: roots, host name check and client certificate are in the context."""


class _Session(requests.Session):
    """A session that takes nothing from the environment, keeps no cookies and follows nobody."""

    def __init__(self, context: SSLContext) -> None:
        super().__init__()
        self.trust_env = False
        self.headers.update(_HEADERS)
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.adapters.clear()
        self.mount("https://", _Adapter(context))

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Never: even told not to follow, requests reads all of a redirect's body, without a limit."""


@dataclass(frozen=True, slots=True, repr=False)
class _Request:
    method: str
    url: str
    data: bytes | None
    headers: Mapping[str, str]
    secrets: tuple[str, ...]


class Transport:
    """One Atlas face at `base_url` (https only), with keep-alive.

    For one thread and one process at a time: make one per thread, and make it after a fork. `identity` is
    shown to a server that asks for a client certificate; `root` is a PEM bundle of the only roots to trust
    (None: the system's). Raises ValueError for an address or root that cannot be used, Refused for such an
    identity.
    """

    def __init__(
        self,
        base_url: str,
        identity: ClientIdentity | None = None,
        root: Path | None = None,
        timeouts: Timeouts | None = None,
    ) -> None:
        parts = urlsplit(base_url)
        more = parts.username or parts.query or parts.fragment
        if parts.scheme != "https" or not parts.hostname or parts.port == 0 or more:
            raise ValueError("The address of Atlas must look like https://host:port/path.")
        self._base_url = base_url.rstrip("/")
        self._timeouts = timeouts or Timeouts()
        self._session = _Session(client_context(identity, root))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; the transport opens new ones if it is used again."""
        self._session.close()

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
        good: Collection[int] = (200,),
    ) -> Answer:
        """The answer to one call, if its status is in `good`; any AtlasError otherwise.

        `template` is a path such as /certificates/{serial}, which is what is logged; `ids` fill it.
        Only a GET is repeated, at most twice: after a lost connection, or a 503 that names no time.
        """
        request = _Request(
            method,
            self._base_url + _path(template, ids or {}, query or {}),
            None if body is None else json.dumps(body, allow_nan=False).encode(),
            _headers(headers, body is not None, bearer),
            _secrets(body, bearer),
        )
        started = time.perf_counter()
        result = self._send_patiently(request)
        status = result.status if isinstance(result, Answer) else type(result.error).__name__
        _log.info("%s %s %s %.0f ms", method, template, status, (time.perf_counter() - started) * 1000)
        if isinstance(result, Answer):
            return judge(result, good)
        raise result.error

    def _send_patiently(self, request: _Request) -> Answer | Failure:
        for pause in PAUSES if request.method == "GET" else ():
            result = self._send(request)
            if not _passing(result):
                return result
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - jitter, not a secret
        return self._send(request)

    def _send(self, request: _Request) -> Answer | Failure:
        """One try. A failure is a value, so that no error refers to the request and its headers."""
        limits = self._timeouts
        try:
            response = self._session.request(
                request.method,
                request.url,
                data=request.data,
                headers=request.headers,
                stream=True,
                timeout=(limits.connect, limits.read),
            )
            try:
                body = _read(response, time.monotonic() + limits.whole)
            finally:
                response.close()
            return Answer(response.status_code, response.headers, body, request.secrets)
        except AtlasError as error:
            return Failure(error)
        except FAILURES as error:
            return explain(error)


def _passing(result: Answer | Failure) -> bool:
    """Whether the same GET may well be answered a moment later."""
    if isinstance(result, Failure):
        return result.passing
    return result.status == 503 and "Retry-After" not in result.headers


def _read(response: requests.Response, deadline: float) -> bytes:
    """The body as it is on the wire, within the limits of length and time."""
    body = bytearray()
    while piece := response.raw.read1(65_536, decode_content=False):
        body += piece
        if len(body) > LONGEST_ANSWER:
            raise Unexpected(f"an answer of more than {LONGEST_ANSWER} bytes")
        if time.monotonic() > deadline:
            raise Unreachable("it did not finish its answer in time.", True)
    return bytes(body)


def _path(template: str, ids: Mapping[str, str], query: Mapping[str, str]) -> str:
    """The path with its ids, each one segment whatever it holds: an id never leads to another call."""
    if any(value in ("", ".", "..") for value in ids.values()):
        raise Rejected(0, "An id is empty, or only dots.")
    path = re.sub(r"\{(\w+)\}", lambda name: quote(ids[name[1]], safe="", errors="replace"), template)
    return f"{path}?{urlencode(query, errors='replace')}" if query else path


def _headers(more: Mapping[str, str] | None, has_body: bool, bearer: str | None) -> dict[str, str]:
    headers = dict(more or {})
    if has_body:
        headers["Content-Type"] = CONTENT_TYPE
    if bearer is not None:
        headers["Authorization"] = f"Bearer {bearer}"
    return headers


def _secrets(body: Mapping[str, object] | None, bearer: str | None) -> tuple[str, ...]:
    found = [value for name in _SECRET_FIELDS if isinstance(value := (body or {}).get(name), str)]
    return (*found, bearer) if bearer else tuple(found)
