"""HTTP/1.1 on the stdlib's threading server: a listener, its connections, bounded reading, TLS in their threads.

What a request means is the server's business.
"""

from __future__ import annotations

import contextlib
import io
import logging
import socket
import ssl
import sys
import threading
from email.message import Message
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from typing import Any, Protocol
from urllib.parse import unquote

from cryptography import x509
from werkzeug.wrappers import Request, Response

from atlas.sandbox.clock import Clock
from atlas.sandbox.fault_injection import Piece, pieces
from atlas.sandbox.faults import FaultQueue
from atlas.sandbox.problems import Refusal, bad_request

MAX_BODY = 64 * 1024
MAX_DRAIN = 1024 * 1024
HANDSHAKE_SECONDS = 5.0
IDLE_SECONDS = 30.0

log = logging.getLogger("atlas.sandbox")


class ApiServer(Protocol):
    """One side of Atlas: answers requests, and puts a refusal into its own words."""

    def answer(self, request: Request, peer_serial: int | None) -> Response: ...

    def refuse(self, refusal: Refusal) -> Response: ...


class Listener(ThreadingMixIn, TCPServer):
    """One listening socket with a server behind it. Binds when made (OSError if taken).

    `tls` may be set at any time; the next handshake uses it. Faults are looked up by `name`.
    """

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(
        self, address: tuple[str, int], api_server: ApiServer, name: str, faults: FaultQueue, clock: Clock
    ) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.api_server = api_server
        self.name = name
        self.faults = faults
        self.clock = clock
        self.tls: ssl.SSLContext | None = None
        self.over = threading.Event()
        self._open: set[socket.socket] = set()
        self._gate = threading.Lock()
        super().__init__(address, Connection)

    @property
    def port(self) -> int:
        """The port in use, also when 0 was asked for."""
        return int(self.socket.getsockname()[1])

    def finish_request(self, request: Any, client_address: Any) -> None:
        """In the connection's own thread, so that a slow handshake holds up nobody else."""
        try:
            with self._secured(request) as connection, self._tracked(connection):
                Connection(connection, client_address, self)
        except OSError as error:
            log.debug("connection ended: %s", error)

    def _secured(self, request: socket.socket) -> socket.socket:
        request.settimeout(HANDSHAKE_SECONDS)
        if self.tls is None:
            return request
        secured = self.tls.wrap_socket(request, server_side=True, do_handshake_on_connect=False)
        try:
            secured.do_handshake()
        except BaseException:
            secured.close()
            raise
        return secured

    def _tracked(self, connection: socket.socket) -> _Tracked:
        return _Tracked(self._open, self._gate, connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """No trace on the console for what a peer does; a fault of ours goes to the log."""
        log.error("a connection failed", exc_info=sys.exc_info())

    def stop(self) -> None:
        """Stop accepting, and end the connections that are still open."""
        self.over.set()
        self.shutdown()
        self.server_close()
        with self._gate:
            still_open = list(self._open)
        for connection in still_open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Tracked:
    """Remembers a connection while it is served."""

    def __init__(self, members: set[socket.socket], gate: threading.Lock, member: socket.socket) -> None:
        self._members, self._gate, self._member = members, gate, member

    def __enter__(self) -> None:
        with self._gate:
            self._members.add(self._member)

    def __exit__(self, *_: object) -> None:
        with self._gate:
            self._members.discard(self._member)


class Connection(BaseHTTPRequestHandler):
    """One connection with its requests, one after the other."""

    protocol_version = "HTTP/1.1"
    server_version = "AtlasSandbox"
    sys_version = ""
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    server: Listener

    def setup(self) -> None:
        """Reads the serial number of the client certificate once per connection."""
        super().setup()
        self._environ: dict[str, Any] = {}
        self._peer_serial: int | None = None
        if isinstance(self.connection, ssl.SSLSocket):
            der = self.connection.getpeercert(binary_form=True)
            self._peer_serial = x509.load_der_x509_certificate(der).serial_number if der else None

    def handle_one_request(self) -> None:
        """Any method reaches the server, which knows the 405; the stdlib would answer 501."""
        try:
            self.raw_requestline = self.rfile.readline(65537)
            if len(self.raw_requestline) > 65536:
                self.requestline = self.request_version = self.command = ""
                self.send_error(414)
            elif not self.raw_requestline:
                self.close_connection = True
            elif self.parse_request():
                self._serve()
        except OSError:
            self.close_connection = True

    def _serve(self) -> None:
        try:
            body = read_body(self.headers, self.rfile)
        except Refusal as refusal:
            self.close_connection = True
            self._emit(self.server.api_server.refuse(refusal))
            return
        self._environ = self._make_environ(body)
        fault = self.server.faults.take(self.server.name, self.command, self._environ["PATH_INFO"])
        if fault is None:
            self._emit(self._answer())
            return
        log.debug("fault on demand: %s", fault)
        for piece in pieces(
            fault, self._answer, self.server.api_server.refuse, self._message, self.server.over
        ):
            self._send(piece)

    def _answer(self) -> Response:
        response = self.server.api_server.answer(Request(self._environ), self._peer_serial)
        log.debug("%s %s %s", self.command, self._environ["PATH_INFO"], response.status_code)
        return response

    def _send(self, piece: Piece) -> None:
        """Raises OSError after it has hung up."""
        if piece is None:
            self.connection.shutdown(socket.SHUT_RDWR)
            raise ConnectionAbortedError
        self.wfile.write(piece)

    def _make_environ(self, body: bytes) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        environ = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(path, "iso-8859-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": str(self.server.port),
            "SERVER_PROTOCOL": self.request_version,
            "wsgi.url_scheme": "https" if self.server.tls else "http",
            "wsgi.input": io.BytesIO(body),
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
        }
        for name, value in self.headers.items():
            environ.setdefault("HTTP_" + name.upper().replace("-", "_"), value.strip())
        return environ

    def _emit(self, response: Response) -> None:
        self.wfile.write(self._message(response))

    def _message(self, response: Response) -> bytes:
        """The whole answer as it goes over the wire."""
        environ = self._environ or {"REQUEST_METHOD": self.command or "GET", "wsgi.url_scheme": "https"}
        chunks, _, headers = response.get_wsgi_response(environ)
        phrase = self.responses.get(response.status_code, ("Unknown", ""))[0]
        lines = [
            f"{self.protocol_version} {response.status_code} {phrase}",
            f"Server: {self.server_version}",
            f"Date: {self.date_time_string(self.server.clock.now())}",
            *(f"{name}: {value}" for name, value in headers),
        ]
        if self.close_connection:
            lines.append("Connection: close")
        return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + b"".join(chunks)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the stdlib's parser refuses, in the words of the server and without an echo of the request."""
        self.close_connection = True
        phrase = self.responses.get(code, ("Bad Request", ""))[0]
        self._environ = {}
        self._emit(self.server.api_server.refuse(Refusal(code, str(phrase))))

    def log_message(self, *_: object) -> None:
        """The stdlib's line for standard error is not wanted; `_serve` writes to the log."""


def read_body(headers: Message, stream: io.BufferedIOBase) -> bytes:
    """The body, at most `MAX_BODY` bytes. Raises Refusal 400, 411 or 413."""
    if headers.get("Transfer-Encoding") is not None:
        raise Refusal(411, "Content-Length required")
    lengths = set(headers.get_all("Content-Length", ["0"]))
    length = lengths.pop().strip()
    if lengths or not (length.isascii() and length.isdigit() and len(length) <= 12):
        raise bad_request()
    size = int(length)
    if size > MAX_BODY:
        _drain(stream, min(size, MAX_DRAIN))
        raise Refusal(413, "Request body too large")
    body = stream.read(size)
    if len(body) < size:
        raise bad_request()
    return body


def _drain(stream: io.BufferedIOBase, size: int) -> None:
    """Read on for a while, so that a client that is still sending gets to read the refusal."""
    while size > 0:
        chunk = stream.read(min(size, MAX_BODY))
        if not chunk:
            return
        size -= len(chunk)
