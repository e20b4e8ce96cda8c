"""The portal as a team runs it: web, two workers, beat and a local Atlas, each a process of its own.

PostgreSQL and the Redis protocol server are those of the test run; the database is one of its own.
"""

import base64
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit, urlunsplit

import psycopg
import requests

from tests.migrated_template import migrate_template

ROOT = Path(__file__).resolve().parent.parent
OPS, OPS_PASSWORD = "ops@dip.example", "made for the tests only"
SPEED = 20000  # of the local Atlas: 24 hours of vetting pass in about 4 seconds
PATIENCE = 90  # seconds until a process counts as not started
LEASED = {  # table: (column, the longest lease in seconds)
    "journey_steprecord": ("next_check_at", 180),
    "notifications_outboxemail": ("next_try_at", 300),
    "certs_signingintent": ("claimed_until", 180),
}
HELD = 10  # seconds after which nobody alive still works on what was claimed


class PortalProcesses:
    """`with PortalProcesses(folder) as portal:` gives `address`, `atlas_pages`, `mail`, `workers` and `logs`.

    `servers` are (address of PostgreSQL, address of Redis), else those of the test run.
    """

    def __init__(self, folder: Path, workers: int = 2, servers: tuple[str, str] | None = None) -> None:
        self.folder, self.mail, self._workers = folder, folder / "mail", workers
        self._servers, self._is_migrated = servers, False
        self._commands: dict[str, list[str]] = {}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.address, self.atlas_pages, self.logs = f"http://localhost:{_free_port()}", "", folder / "logs"
        self.workers: list[subprocess.Popen[bytes]] = []
        self._stack = ExitStack()

    def __enter__(self) -> "PortalProcesses":
        self.logs.mkdir(parents=True)
        try:
            self._start()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _start(self) -> None:
        atlas = self._atlas()
        self.environment = {**os.environ, **self._settings(atlas)}
        self._migrate()
        self.manage("add_ops", OPS, "--name", "Olga Test", "--password-stdin", given=OPS_PASSWORD)
        celery = [sys.executable, "-m", "celery", "-A", "config"]
        for number in range(1, self._workers + 1):
            worker = [*celery, "worker", "--concurrency", "2", "--hostname", f"worker{number}@test"]
            self.workers.append(self._run(f"worker{number}", worker))
        self._run("beat", [*celery, "beat"])
        bind = urlsplit(self.address).netloc.replace("localhost", "127.0.0.1")
        self._run("web", [sys.executable, "-m", "gunicorn", "--bind", bind, "--workers", "2", "config.wsgi"])
        self._wait_until(lambda: requests.get(f"{self.address}/readyz", timeout=5).ok, "web")

    def _migrate(self) -> None:
        """As the owner of the tables; everything else runs as the role that this makes, as in docker-compose.yml."""
        runtime, owner = self.environment["DATABASE_URL"], self._owner
        self.environment |= {"DATABASE_URL": owner, "RUNTIME_DATABASE_URL": runtime}
        if not self._is_migrated:
            self.manage("migrate", "--verbosity", "0")
        self.manage("grant_runtime_role")
        del self.environment["RUNTIME_DATABASE_URL"]
        self.environment["DATABASE_URL"] = runtime

    def manage(self, *arguments: str, given: str = "") -> str:
        """Run a management command as the portal does; answers what it printed. Raises AssertionError if it fails."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment,
            input=given + "\n",
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _atlas(self) -> dict[str, str]:
        home = self.folder / "atlas"
        ports = ["--port", "0", "--account-port", "0", "--pages-port", "0"]
        command = [sys.executable, "-m", "atlas.sandbox", "--dir", str(home), "--speed", str(SPEED), *ports]
        self._run("atlas", command)
        files = (home / "account.json", home / "client.json")
        self._wait_until(lambda: all(file.exists() for file in files), "atlas")
        found: dict[str, str] = json.loads((home / "account.json").read_text())
        found["hvca_url"] = json.loads((home / "client.json").read_text())["url"]
        self.atlas_pages = found["pages_url"]
        return found

    def _settings(self, atlas: dict[str, str]) -> dict[str, str]:
        return {
            "PORTAL_MODE": "test",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECRET_KEY": secrets.token_urlsafe(48),
            "AUDIT_KEY": secrets.token_urlsafe(48),
            "VAULT_KEYS": "test:" + base64.b64encode(secrets.token_bytes(32)).decode(),
            "BASE_URL": self.address,
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "DATABASE_URL": self._database(),
            "REDIS_URL": self._servers[1]
            if self._servers
            else _other_redis_database(os.environ["REDIS_URL"]),
            "EMAIL_URL": f"file://{self.mail}",
            "POLL_SPEED": "10",
            "HVCA_URL": atlas["hvca_url"],
            "HVCA_ROOT": atlas["root_file"],
            "ACCOUNT_API_URL": atlas["url"],
            "ACCOUNT_API_TOKEN": atlas["token"],
            "ACCOUNT_API_ROOT": atlas["root_file"],
            "ATLAS_PORTAL_URL": atlas["pages_url"],
        }

    def _database(self) -> str:
        """A database of our own on the test run's server, as the role that the portal runs as sees it."""
        if self._servers:
            self._owner = self._servers[0]
            return as_role(self._owner, "own")
        address, name = (
            urlsplit(os.environ["DATABASE_URL"]),
            f"processes_{os.getpid()}_{secrets.token_hex(3)}",
        )
        template = migrate_template()
        copied = f' TEMPLATE "{template}"' if template else ""
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"{copied}'.encode())
        self._is_migrated = bool(template)
        self._stack.callback(_drop, name)
        self._owner = urlunsplit(address._replace(path=f"/{name}"))
        return as_role(self._owner, name)

    def _run(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        log = self._stack.enter_context((self.logs / f"{name}.log").open("ab"))
        environment = getattr(self, "environment", dict(os.environ))
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        self._stack.callback(_end, process)
        self._commands[name], self.processes[name] = command, process
        return process

    def kill(self, name: str) -> None:
        """End a process and its children at once, as a machine that fails does."""
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes[name].wait(10)

    def start_again(self, name: str) -> None:
        """Start a process that has ended, as a container engine does."""
        if self.processes[name].poll() is not None:
            self._run(name, self._commands[name])

    def let_leases_pass(self) -> None:
        """What a worker that died had claimed is due at once, and not only when minutes have passed."""
        with psycopg.connect(self.environment["DATABASE_URL"], autocommit=True) as connection:
            for table, (column, lease) in LEASED.items():
                claimed = f"{column} > now() AND {column} < now() + interval '{lease - HELD} seconds'"
                connection.execute(f"UPDATE {table} SET {column} = now() WHERE {claimed}".encode())

    def _wait_until(self, ready: object, name: str) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                if ready():  # type: ignore[operator]
                    return
            except requests.RequestException:
                pass
            time.sleep(0.1)
        raise AssertionError(f"{name} did not start:\n{(self.logs / f'{name}.log').read_text()[-3000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask the whole group to stop, then make it."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(10)
            return
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def _drop(name: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
        connection.execute(f'DROP ROLE IF EXISTS "{name}"'.encode())


def as_role(url: str, role: str) -> str:
    """The address of the same database for another role."""
    address = urlsplit(url)
    return urlunsplit(
        address._replace(netloc=f"{role}:made-for-the-tests@{address.netloc.rpartition('@')[2]}")
    )


def _other_redis_database(url: str) -> str:
    """Database 7 of the same server, so that no other test's task is in the queue."""
    address = urlsplit(url)
    if address.scheme == "unix":
        return f"{url.split('?')[0]}?db=7"
    return urlunsplit(address._replace(path="/7"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
