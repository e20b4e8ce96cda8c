"""One gunicorn with a PostgreSQL and a Valkey of its own, which a test stops and starts again.

Workers, beat and a local Atlas belong to tests/portal_processes.py.
"""

import atexit
import base64
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import requests

from tests.service_daemon import ServiceDaemon, _free_port

ROOT = Path(__file__).resolve().parents[2]
OPS, PASSWORD = "olga@dip.example", "made for the tests only"
POSTGRES, VALKEY = 0, 1
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class WebServer:
    """`address`, `keeper` (whose servers are POSTGRES and VALKEY), and browsers."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.daemon = folder, ServiceDaemon()
        self.address = f"http://localhost:{_free_port()}"

    def start(self) -> None:
        """Servers, tables, one ops person, gunicorn."""
        random = secrets.token_urlsafe(48)
        self.environment = {
            **os.environ,
            "PORTAL_MODE": "test",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECRET_KEY": random,
            "AUDIT_KEY": random,
            "VAULT_KEYS": "test:" + base64.b64encode(secrets.token_bytes(32)).decode(),
            "BASE_URL": self.address,
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "DATABASE_URL": self.daemon.postgres(),
            "REDIS_URL": self.daemon.redis(),
            "EMAIL_URL": f"file://{self.folder / 'mail'}",
        }
        self._manage("migrate", "--verbosity", "0")
        self._manage("add_ops", OPS, "--name", "Olga Test", "--password-stdin", given=PASSWORD)
        bind = self.address.replace("http://localhost", "127.0.0.1")
        command = [sys.executable, "-m", "gunicorn", "--bind", bind, "--workers", "1", "config.wsgi"]
        with (self.folder / "web.log").open("wb") as log:
            self.web = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self.wait_until_ready()

    def _manage(self, *arguments: str, given: str = "") -> None:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            input=given + "\n",
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def wait_until_ready(self) -> None:
        """Until /readyz is content again."""
        end = time.monotonic() + 90
        while time.monotonic() < end:
            try:
                if requests.get(f"{self.address}/readyz", timeout=10).text == "ok":
                    return
            except requests.RequestException:
                pass
            time.sleep(0.2)
        raise AssertionError((self.folder / "web.log").read_text()[-3000:])

    def stop(self) -> None:
        """End gunicorn, then its servers."""
        if hasattr(self, "web"):
            os.killpg(self.web.pid, signal.SIGKILL)
            self.web.wait(10)
        self.daemon.stop()


class Browser:
    """Follows no redirect, and fills in the safety token of the page that it looked at last."""

    def __init__(self, web: WebServer) -> None:
        self.web, self.token, self.session = web, "", requests.Session()

    def page(self, path: str) -> requests.Response:
        """GET."""
        answer = self.session.get(self.web.address + path, allow_redirects=False, timeout=60)
        found = TOKEN.search(answer.text)
        self.token = found.group(1) if found else self.token
        return answer

    def submit(self, path: str, **typed: str) -> requests.Response:
        """POST."""
        typed["csrfmiddlewaretoken"] = self.token
        return self.session.post(self.web.address + path, data=typed, allow_redirects=False, timeout=60)

    def sign_in(self) -> requests.Response:
        """As the ops person."""
        self.page("/accounts/login/")
        answer = self.submit("/accounts/login/", login=OPS, password=PASSWORD)
        self.page("/help/")
        return answer


@cache
def _started() -> WebServer:
    """One for all tests of this process: it takes long to start."""
    stack = ExitStack()
    atexit.register(stack.close)
    web = WebServer(Path(stack.enter_context(TemporaryDirectory())))
    stack.callback(web.stop)
    web.start()
    return web


@pytest.fixture
def web() -> WebServer:
    """Everything is up and answers."""
    return _started()
