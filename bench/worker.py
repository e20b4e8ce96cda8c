"""A local Atlas and a Celery worker, each a process of its own, for measurements from outside."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

import psutil

from bench.harness import ROOT

ASK_EVERY = 5.0  # seconds: as beat does, for here is none
PATIENCE = 300  # seconds


def read_due_time() -> datetime:
    """A moment that has come for every process: their clocks may be a quarter of a second apart (certs/clock.py)."""
    from certs import clock

    return clock.now() - timedelta(seconds=1)


def ask_until(is_done: Callable[[], bool], task: Any, times: int = 1) -> float:
    """Ask the workers for a task, so many times at once, and again now and then; seconds until all is done.

    A worker that is asked once finds nothing if its clock is behind, and what failed is due again later.
    """
    begun = asked = time.perf_counter()
    for _ in range(times):
        task.delay()
    while not is_done():
        now = time.perf_counter()
        assert now - begun < PATIENCE, "the workers do not come to their end"
        if now - asked >= ASK_EVERY:
            asked = now
            task.delay()
        time.sleep(0.02)
    return time.perf_counter() - begun


@contextmanager
def local_atlas() -> Iterator[dict[str, str]]:
    """A local Atlas at speed 1; answers its account.json."""
    with tempfile.TemporaryDirectory() as folder:
        ports = ["--port", "0", "--account-port", "0", "--pages-port", "0"]
        command = [sys.executable, "-m", "atlas.sandbox", *ports, "--dir", folder]
        process, told = subprocess.Popen(command, stdout=subprocess.DEVNULL), Path(folder) / "account.json"
        try:
            until = time.monotonic() + 30
            while not told.exists() and time.monotonic() < until:
                time.sleep(0.05)
            yield json.loads(told.read_text())
        finally:
            process.terminate()
            process.wait(10)


class Worker:
    """`celery worker` as docker-compose.yml starts it, with so many processes that work, and no beat."""

    def __init__(
        self,
        atlas: dict[str, str] | None = None,
        *,
        processes: int = 1,
        calls_in_a_minute: int = 10**9,
        **more: str,
    ) -> None:
        known = {
            "ACCOUNT_API_URL": atlas["url"],
            "ACCOUNT_API_TOKEN": atlas["token"],
            "ACCOUNT_API_ROOT": atlas["root_file"],
            "ACCOUNT_API_CALLS_PER_MINUTE": str(calls_in_a_minute),
        } if atlas else {}  # fmt: skip
        self._environment = {**os.environ, **known, "LOG_LEVEL": "WARNING", **more}
        self._command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--loglevel=WARNING"]
        self._command += [f"--concurrency={processes}", "--without-gossip", "--without-mingle"]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command,
            cwd=ROOT,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)

    def memory(self) -> tuple[float, float]:
        """MiB of all its processes: resident, and with what they share counted once."""
        main = psutil.Process(self._process.pid)
        found = [each.memory_full_info() for each in (main, *main.children(recursive=True))]
        return sum(each.rss for each in found) / 2**20, sum(each.pss for each in found) / 2**20
