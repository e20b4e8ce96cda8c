"""Opens PFX files in a process of its own, with limits of time and memory, and without the portal's secrets.

The other side is pfx_reader_process.py. A small file can ask for hours of key derivation, in places that only
decryption shows, and the library holds Python's lock meanwhile: in the web process everybody would wait.
"""

import atexit
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Any

from cryptography import x509
from django.views.decorators.debug import sensitive_variables

MAX_WAITING = (
    2  # files at once in each process of the portal, one of them waiting; more would hold up its other pages
)
MAX_WAIT_SECONDS = 5.0  # seconds that a file waits for the one before it
MAX_SECONDS = 15.0  # seconds on the clock; the processor time is limited in the reader itself
_VARIABLES = (
    "LD_LIBRARY_PATH",
    "OPENSSL_CONF",
    "OPENSSL_MODULES",
)  # of the environment; the rest holds secrets


class Ties(StrEnum):
    """How localKeyID ties a key to its certificate."""

    TIED = "tied"
    MISSING = "missing"
    ALL = "all"  # the key's number stands at other certificates, too
    ELSEWHERE = "elsewhere"  # it stands at another certificate only
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class OwnCertificate:
    """A certificate whose key is in the file."""

    certificate: x509.Certificate
    ties: Ties


@dataclass(frozen=True)
class PfxContents:
    """What is in a PFX, its private keys aside: `own` are the certificates whose key is in it.

    `null`: it is written with the null password, as .NET does, not with the empty one.
    """

    keys: int
    own: tuple[OwnCertificate, ...]
    others: tuple[x509.Certificate, ...]
    null: bool = False


class Reason(StrEnum):
    """Why a file was not opened. pfx_reader_process.py, which does not import this, knows all but the last by value."""

    PASSWORD = "password"  # noqa: S105  a word, not a password
    KEY_PASSWORD = "key-password"  # noqa: S105  the file opens, the key in it does not
    CERTIFICATE = "certificate"  # the file opens, and the library refuses a certificate in it
    UNREADABLE = "unreadable"
    SLOW = "slow"  # beyond the limits of time or memory
    BUSY = "busy"  # it had no turn


class PfxNotRead(Exception):
    """The file was not opened; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@sensitive_variables()
def read_in_process(data: bytes, password: str) -> PfxContents:
    """Decrypt a PFX (DER) and check its MAC. Raises PfxNotRead."""
    answer = _reader.ask(password.encode(), data)
    if problem := answer.get("problem"):
        raise PfxNotRead(Reason(problem))
    own = tuple(OwnCertificate(_certificate(der), Ties(ties)) for der, ties in answer["own"])
    return PfxContents(answer["keys"], own, tuple(map(_certificate, answer["others"])), answer["null"])


def _certificate(der: str) -> x509.Certificate:
    return x509.load_der_x509_certificate(bytes.fromhex(der))


# Isolated (-I): nothing of the current folder or the environment is imported; ours comes last in the path.
_MAIN = "import sys; sys.path.append(sys.argv[1]); from certs.pfx_reader_process import main; main()"
_PIECE = 1 << 16  # bytes that are read at once


class _Reader:
    """One reader for each process of the portal, started when it is first needed; one file at a time.

    Each file has a pair of sockets of its own, one end of which goes to the child that opens it: what a hostile file
    makes of its child, that child can neither hear of the next file nor answer for it.
    """

    def __init__(self) -> None:
        self.places, self.turn = BoundedSemaphore(MAX_WAITING), Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.control: socket.socket | None = None  # to the reader: an end for each file; back: of failures

    @sensitive_variables()
    def ask(self, password: bytes, data: bytes) -> dict[str, Any]:
        """The reader's answer. Raises PfxNotRead; RuntimeError for a fault of the reader itself."""
        # Whoever watches this process (sys.addaudithook) sees each file, not only the start of the reader: a file may
        # take LONGEST seconds, so none may be asked about while a row of the database is locked.
        sys.audit("certs.pfx_reader_client.ask", len(data))
        if not self.places.acquire(blocking=False):
            raise PfxNotRead(Reason.BUSY)
        try:
            if not self.turn.acquire(timeout=MAX_WAIT_SECONDS):
                raise PfxNotRead(Reason.BUSY)
            try:
                return self._first_or_second(password, data)
            finally:
                self.turn.release()
        finally:
            self.places.release()

    @sensitive_variables()
    def _first_or_second(self, password: bytes, data: bytes) -> dict[str, Any]:
        """A reader that was ended from outside since the last file is replaced once."""
        request = struct.pack(">II", len(password), len(data)) + password + data
        for _ in range(2):
            try:
                if line := self._line(request):
                    answer: dict[str, Any] = json.loads(line)
                    return answer
                status = self._status()
            except TimeoutError:
                self.stop()
                raise PfxNotRead(Reason.SLOW) from None
            except OSError:
                self.stop()
                continue
            except (
                BaseException
            ):  # whatever interrupts us leaves a child at work, which nobody would wait for
                self.stop()
                raise
            if status < 0:  # ended by a signal: its limits
                raise PfxNotRead(Reason.SLOW)
            raise RuntimeError("the process that opens PFX files failed")
        raise RuntimeError("the process that opens PFX files cannot be started")

    @sensitive_variables()
    def _line(self, request: bytes) -> bytes:
        """The line that a child answers; nothing if it ended before. Raises TimeoutError, OSError."""
        control = self._started()
        mine, theirs = socket.socketpair()
        with mine:
            with theirs:
                socket.send_fds(control, [b"."], [theirs.fileno()])
            deadline = time.monotonic() + MAX_SECONDS
            mine.settimeout(MAX_SECONDS)
            with suppress(BrokenPipeError, ConnectionResetError):  # it ended before it had the whole file
                mine.sendall(request)
            return _read_line(mine, deadline)

    def _started(self) -> socket.socket:
        if self.control is None:
            self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                self.process = _start(theirs)
        self.control.setblocking(False)
        with suppress(BlockingIOError):
            while self.control.recv(_PIECE):  # of children that ended while they waited for a file
                pass
        self.control.settimeout(MAX_SECONDS)
        return self.control

    def _status(self) -> int:
        """The exit status of the child that ended without an answer. Raises OSError if the reader ended, too."""
        assert self.control is not None
        said = self.control.recv(_PIECE)
        if not said:
            raise ConnectionResetError
        return int(said)

    def stop(self) -> None:
        """End the reader; the next file starts another."""
        process, self.process = self.process, None
        self.let_go()
        if process is not None:
            _end(process)
            process.wait()

    def let_go(self) -> None:
        """Close our end of the way to it."""
        control, self.control = self.control, None
        if control is not None:
            control.close()


def _read_line(channel: socket.socket, deadline: float) -> bytes:
    """What comes before the end of the line; nothing if the line has none."""
    found = bytearray()
    while not found.endswith(b"\n"):
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        channel.settimeout(left)
        try:
            piece = channel.recv(_PIECE)
        except ConnectionResetError:  # it left something of the file unread
            return b""
        if not piece:
            return b""
        found += piece
    return bytes(found)


def _start(control: socket.socket) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", *_bytecode(), "-c", _MAIN, str(Path(__file__).parents[1])],
        stdin=control.fileno(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in _VARIABLES if name in os.environ},
        cwd="/",
        start_new_session=True,
    )


def _bytecode() -> tuple[str, ...]:
    """Where this process keeps compiled modules; alone, an isolated one would compile ours at every start."""
    return ("-X", f"pycache_prefix={sys.pycache_prefix}") if sys.pycache_prefix else ()


def _end(process: subprocess.Popen[bytes]) -> None:
    """It, and the children that have a file or wait for one."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


_reader = _Reader()


def _after_fork() -> None:
    """A forked process of the portal starts its own: two would mix their files in one pipe."""
    global _reader
    _reader.let_go()
    _reader = _Reader()


os.register_at_fork(after_in_child=_after_fork)
atexit.register(lambda: _reader.stop())
