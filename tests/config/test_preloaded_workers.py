"""Real gunicorn, preloaded: its master keeps no line to the database, and each worker has lines of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from django.conf import settings
from django.db import connection

from config.databases import PREPARE_AFTER, describe_database
from tests.house.checkout import ROOT

NAME = "preloaded-portal"  # how the lines of this test are known in PostgreSQL


def _count_lines() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [NAME])
        (count,) = cursor.fetchone()
    return int(count)


def test_two_workers_serve_on_lines_of_their_own(transactional_db: None, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address, query = settings.PORTAL.database_url.split("?")[0].rpartition("/")[0], f"application_name={NAME}"
    host = connection.settings_dict["HOST"]
    named = f"{address}/{connection.settings_dict['NAME']}?{query}" + (f"&host={host}" if host else "")
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        "2",
        "--threads",
        "2",
    ]
    with (tmp_path / "web.log").open("wb") as log:
        web = subprocess.Popen(
            [*command, "config.wsgi"],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": named},
            stdout=log,
            stderr=log,
        )
    try:
        assert _wait_for(f"http://127.0.0.1:{port}/healthz", web), (tmp_path / "web.log").read_text()
        assert _count_lines() == 0  # loading has asked the database, and nobody holds that line any more
        with ThreadPoolExecutor(8) as pool:
            asked = [f"http://127.0.0.1:{port}/readyz"] * 60
            answers = [
                each.status_code for each in pool.map(lambda url: requests.get(url, timeout=30), asked)
            ]
        assert set(answers) == {200}
        assert 2 <= _count_lines() <= 6
    finally:
        web.send_signal(signal.SIGTERM)
        web.wait(30)
    assert "Traceback" not in (tmp_path / "web.log").read_text()


def _wait_for(url: str, web: "subprocess.Popen[bytes]") -> bool:
    until = time.monotonic() + 90
    while time.monotonic() < until and web.poll() is None:
        try:
            return requests.get(url, timeout=5).ok
        except requests.ConnectionError:
            time.sleep(0.1)
    return False


def test_the_master_loads_what_first_requests_need_and_starts_no_thread() -> None:
    found = subprocess.run(
        [sys.executable, "-c", MASTER], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    assert found.stdout.split() == ["False", "True", "True", "1"]


MASTER = """
import runpy, sys, threading
import config.wsgi
print("config.urls" in sys.modules)
runpy.run_path("gunicorn.conf.py")["when_ready"](None)
from django.template import engines
(cached,) = engines["django"].engine.template_loaders
print("config.urls" in sys.modules, "journey/step.html" in cached.get_template_cache, threading.active_count())
"""


@pytest.mark.parametrize(("prepared", "after"), [(True, PREPARE_AFTER), (False, None)])
def test_prepared_statements_can_be_switched_off(prepared: bool, after: int | None) -> None:
    portal = settings.PORTAL.model_copy(
        update={"prepared_statements": prepared, "database_url": "postgres://portal@db/portal"}
    )
    options = describe_database(portal)["OPTIONS"]
    assert (options["server_side_binding"], options["prepare_threshold"]) == (prepared, after)
    assert options["connect_timeout"] > 0
