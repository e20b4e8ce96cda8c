"""Connections to one API of Atlas as urllib3 makes them: our TLS context as it is, one time limit for all of a call.
Not here: requests, answers and their meaning; the transport knows those.
"""

import http.client
import io
import math
import socket
import time
from ssl import SSLContext, SSLEOFError, SSLSocket
from typing import Any, cast
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class Deadline:
    """The moment by which the call that is under way must be over, and how long a piece of it may take (seconds).

    One call at a time.
    """

    def __init__(self, piece: float) -> None:
        self._piece = piece
        self._until = math.inf

    def set(self, seconds: float) -> None:
        """The call begins now and may take so many seconds."""
        self._until = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until then; negative if it has passed."""
        return self._until - time.monotonic()

    def limit(self) -> float:
        """Seconds that the next piece may take."""
        left = self.left()
        return self._piece if self._piece < left else left


class _Socket(SSLSocket):
    """Each setting of a time limit is a system call, for which a thread gives Python's lock away: not for the same one.

    A call sets it four times, a kept connection nearly always has it already.
    """

    def settimeout(self, value: float | None) -> None:
        if value != self.gettimeout():
            super().settimeout(value)


class _Reader(io.RawIOBase):
    """What a server sends, piece by piece, each within what is left of the call.

    A time limit of the socket is for one piece: a server that sends a byte now and then, be it of a header,
    would never meet it.
    """

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        limit = self._deadline.limit()
        if limit <= 0:
            raise TimeoutError("the call took too long")
        self._sock.settimeout(limit)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Bounded:
    """The part of a socket that http.client's response uses, with the deadline in it."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock, self._deadline = sock, deadline

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._sock, self._deadline), 65_536)


class _Connection(HTTPSConnection):
    """Asks a server that hung up for its reason before it reports that it hung up.

    TLS 1.3 turns a client certificate down after the handshake, when our request is already on its way: the
    reason then lies unread behind a failed send (RFC 8446 section 4.4.2.4).
    """

    deadline: Deadline

    def request(self, *args: Any, **options: Any) -> None:
        if self.sock is not None:  # kept from an earlier call: urllib3 would set the limit of connecting
            self.timeout = self._limit()
        super().request(*args, **options)

    def send(self, data: Any) -> None:
        if self.sock is not None:
            self.sock.settimeout(self._limit())
        try:
            super().send(data)
        except (ConnectionError, SSLEOFError):
            if isinstance(self.sock, SSLSocket):
                self.sock.recv(1)  # raises the alert, if there is one
            raise

    def _limit(self) -> float:
        return max(self.deadline.limit(), 0.001)


def _pool_class(deadline: Deadline) -> type[HTTPSConnectionPool]:
    """A pool whose connections know the deadline; urllib3 offers no other way to tell them."""

    def response(sock: socket.socket, *args: Any, **details: Any) -> http.client.HTTPResponse:
        return http.client.HTTPResponse(_Bounded(sock, deadline), *args, **details)  # type: ignore[arg-type]

    known = {"response_class": staticmethod(response), "deadline": deadline}
    connection = type("_BoundedConnection", (_Connection,), known)
    return type("_Pool", (HTTPSConnectionPool,), {"ConnectionCls": connection})


class Adapter(HTTPAdapter):
    """Connections to the API at `url` that use our TLS context as it is; requests would add its own roots to it.

    requests looks for the pool of each call by its address, and for cookies in each answer, which took half of its
    time. Here is one address, and nobody heeds a cookie.
    """

    def __init__(self, url: str, context: SSLContext, deadline: Deadline) -> None:
        self._context = context
        self._pool: HTTPConnectionPool | None = None
        parts = urlsplit(url)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        context.sslsocket_class = _Socket
        super().__init__(pool_connections=1, pool_maxsize=4)
        self.poolmanager.pool_classes_by_scheme = {"https": _pool_class(deadline)}

    def close(self) -> None:
        """Close the connections; a later call opens new ones."""
        self._pool = None
        super().close()

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> HTTPConnectionPool:
        """The one pool, without a proxy."""
        if self._pool is None:
            self._pool = cast(HTTPConnectionPool, super().get_connection_with_tls_context(request, verify))
        return self._pool

    def request_url(self, request: requests.PreparedRequest, proxies: Any) -> str:
        """What is asked for, of the API at our address and of no other."""
        return (request.url or "").removeprefix(self._origin)

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> Any:
        host, _ = super().build_connection_pool_key_attributes(request, verify)
        return host, {"ssl_context": self._context}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Nothing to do: roots, host name check and client certificate are in the context."""

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:
        """Status, headers and the body that is still to be read."""
        response = requests.Response()
        response.status_code, response.headers, response.raw = resp.status, resp.headers, resp
        return response
