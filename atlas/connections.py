"""Connections to one API of Atlas as urllib3 makes them: our TLS context as it is, one time limit for all of a call.
Not here: requests, answers and their meaning; the transport knows those.
"""

import http.client
import io
import math
import socket
import time
from ssl import SSLContext, SSLEOFError, SSLSocket
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool


class Deadline:
    """The moment by which the call that is under way must be over. One call at a time."""

    def __init__(self) -> None:
        self._until = math.inf

    def set(self, seconds: float) -> None:
        """The call begins now and may take so many seconds."""
        self._until = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until then; negative if it has passed."""
        return self._until - time.monotonic()


class _Reader(io.RawIOBase):
    """What a server sends, piece by piece, each within what is left of the call.

    A time limit of the socket is for one piece: a server that sends a byte now and then, be it of a header,
    would never meet it.
    """

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._for_a_piece = sock.gettimeout()
        self._deadline = deadline
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline.left()
        if left <= 0:
            raise TimeoutError("the call took too long")
        limit = self._for_a_piece
        self._sock.settimeout(left if limit is None else min(left, limit))
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

    def send(self, data: Any) -> None:
        if self.sock is not None:  # kept from an earlier call, with what that one had left
            self.sock.settimeout(max(self.deadline.left(), 0.001))
        try:
            super().send(data)
        except (ConnectionError, SSLEOFError):
            if isinstance(self.sock, SSLSocket):
                self.sock.recv(1)  # raises the alert, if there is one
            raise


def _pool_class(deadline: Deadline) -> type[HTTPSConnectionPool]:
    """A pool whose connections know the deadline; urllib3 offers no other way to tell them."""

    def response(sock: socket.socket, *args: Any, **details: Any) -> http.client.HTTPResponse:
        return http.client.HTTPResponse(_Bounded(sock, deadline), *args, **details)  # type: ignore[arg-type]

    known = {"response_class": staticmethod(response), "deadline": deadline}
    connection = type("_BoundedConnection", (_Connection,), known)
    return type("_Pool", (HTTPSConnectionPool,), {"ConnectionCls": connection})


class Adapter(HTTPAdapter):
    """Connections that use our TLS context as it is; requests would add its own roots to it."""

    def __init__(self, context: SSLContext, deadline: Deadline) -> None:
        self._context = context
        super().__init__(pool_connections=1, pool_maxsize=4)
        self.poolmanager.pool_classes_by_scheme = {"https": _pool_class(deadline)}

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> Any:
        host, _ = super().build_connection_pool_key_attributes(request, verify)
        return host, {"ssl_context": self._context}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Nothing to do: roots, host name check and client certificate are in the context."""
