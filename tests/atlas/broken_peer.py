"""A real TLS server that answers with whatever bytes a test wants, or hangs, or breaks off in the middle.
Not here: right answers; the local Atlas gives those.
"""

import contextlib
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from atlas.types import ClientIdentity
from tests.atlas.authority import authority

Script = bytes | Callable[["BrokenPeer", ssl.SSLSocket], None]


def reply(
    status: int = 200, body: bytes = b"{}", media_type: str = "application/json;charset=utf-8", **headers: str
) -> bytes:
    """One whole HTTP answer; `headers` are named with underscores for hyphens."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Type: {media_type}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def problem(status: int, body: bytes = b'{"description": "no"}', **headers: str) -> bytes:
    """One error answer."""
    return reply(status, body, "application/problem+json;charset=utf-8", **headers)


def break_off(part: bytes) -> "Script":
    """Send `part`, then close the connection."""

    def script(peer: "BrokenPeer", connection: ssl.SSLSocket) -> None:
        connection.sendall(part)
        raise ConnectionAbortedError

    return script


def hang(peer: "BrokenPeer", connection: ssl.SSLSocket) -> None:
    """Never answer."""
    peer.over.wait(20)
    raise ConnectionAbortedError


def drip(peer: "BrokenPeer", connection: ssl.SSLSocket) -> None:
    """An endless answer, a byte at a time."""
    connection.sendall(b"HTTP/1.1 200 X\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n")
    while not peer.over.wait(0.05):
        connection.sendall(b" ")
    raise ConnectionAbortedError


def drip_headers(peer: "BrokenPeer", connection: ssl.SSLSocket) -> None:
    """An answer whose headers never end, a byte at a time."""
    connection.sendall(b"HTTP/1.1 200 X\r\nX-Long: ")
    while not peer.over.wait(0.05):
        connection.sendall(b"x")
    raise ConnectionAbortedError


def flood(peer: "BrokenPeer", connection: ssl.SSLSocket) -> None:
    """A redirect with an endless body, as fast as it goes."""
    connection.sendall(b"HTTP/1.1 302 X\r\nLocation: /v2/elsewhere\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not peer.over.is_set():
        connection.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
    raise ConnectionAbortedError


class BrokenPeer:
    """Gives the answers in turn, one per request, the last one for ever.

    `requests` has what it was sent, `shown` the client's certificate (DER; None where none was asked for) of each
    connection.
    """

    def __init__(
        self,
        *answers: Script,
        server: ClientIdentity | None = None,
        client_root: bytes | None = None,
        host: str = "localhost",
    ) -> None:
        self.answers: Sequence[Script] = answers or (reply(),)
        self._context = _context(server or authority("test root").issue("localhost"), client_root)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self.over = threading.Event()
        self.requests: list[bytes] = []
        self.connections = 0
        self.shown: list[bytes | None] = []
        self._open: list[ssl.SSLSocket] = []
        self.url = f"https://{host}:{self._listener.getsockname()[1]}/v2"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        while not self.over.is_set():
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            self._threads.append(threading.Thread(target=self._serve, args=(plain,), daemon=True))
            self._threads[-1].start()

    def _serve(self, plain: socket.socket) -> None:
        try:
            plain.settimeout(20)
            with self._context.wrap_socket(plain, server_side=True) as connection:
                self.connections += 1
                self.shown.append(connection.getpeercert(binary_form=True))
                self._open.append(connection)
                while request := _read_request(connection):
                    self.requests.append(request)
                    answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
                    answer(self, connection) if callable(answer) else connection.sendall(answer)
        except OSError:
            plain.close()


def _context(server: ClientIdentity, client_root: bytes | None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "server.pem"
        file.write_bytes(server.certificate_pem + server.private_key_pem)
        context.load_cert_chain(file)
    if client_root is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(cadata=client_root.decode())
    return context


def _read_request(connection: ssl.SSLSocket) -> bytes:
    request = b""
    while b"\r\n\r\n" not in request:
        piece = connection.recv(65_536)
        if not piece:
            return b""
        request += piece
    head, _, body = request.partition(b"\r\n\r\n")
    length = next(
        (line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), b":0"
    )
    while len(body) < int(length.partition(b":")[2]):
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body
