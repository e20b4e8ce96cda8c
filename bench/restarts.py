"""The longest that somebody waits for an answer while gunicorn renews its workers under load.

A real gunicorn, as the Dockerfile starts it but for the number of requests after which a worker is renewed, on the
bench's PostgreSQL and Valkey; eight clients of this machine, each of which asks for one page after the other. Beside it
the same without renewal: what is waited for there is the load's, on whatever else runs here.
"""

import http.client
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle
from statistics import median, quantiles

from bench.harness import ROOT, Entry, compare, measurement, portal

CLIENTS, SECONDS, ROUNDS = 8, 10.0, 3
RENEWED_AFTER = 50  # requests, and up to as many more: in production 5000
PAUSE = 0.05  # seconds between a client's answer and its next question: the processors are busy, not drowned
PAGES = ("/healthz", "/?stay", "/help/", "/accounts/login/", "/clients/")


@measurement
def restarts() -> Iterator[Entry]:
    """Answers of a web whose workers are renewed all the time, and of one whose workers live on."""
    portal()
    cookie = _sign_in()
    steady, renewed = [], []
    booted = 0
    for _ in range(ROUNDS):
        steady.append(_load(cookie, 0)[0])
        answers, workers = _load(cookie, RENEWED_AFTER)
        renewed.append(answers)
        booted += workers - 2
    assert booted >= ROUNDS, f"only {booted} workers were renewed"
    name = f"answers while workers are renewed ({booted} times)"
    for kind, of in (("worst", max), ("95th percentile", _p95), ("median", median)):
        ours, theirs = (median(of(each) for each in rounds) * 1000 for rounds in (renewed, steady))
        yield compare(f"{name}, {kind}", ours=ours, unit="ms", against="workers live on", theirs=theirs)
    worst = max(max(each) for each in renewed) * 1000
    yield compare(f"{name}, worst of all rounds", ours=worst, unit="ms", against="the aim", theirs=600)


def _p95(seconds: list[float]) -> float:
    return quantiles(seconds, n=20)[-1]


def _sign_in() -> str:
    """The cookie of somebody with one company."""
    from django.conf import settings
    from django.test import Client

    from bench.moves import _company

    browser = Client()
    browser.force_login(_company(0, "Restarts")[1])
    return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"


def _load(cookie: str, renewed_after: int) -> tuple[list[float], int]:
    """Seconds of each answer, and how many workers gunicorn started."""
    with tempfile.TemporaryFile() as log, _gunicorn(log.fileno(), renewed_after) as port:
        for page in PAGES * 8:  # both workers have drawn each page
            _ask(port, page, cookie)
        until = time.monotonic() + SECONDS
        with ThreadPoolExecutor(CLIENTS) as clients:
            loops = [clients.submit(_ask_on, port, cookie, until, number) for number in range(CLIENTS)]
            seconds = [each for loop in loops for each in loop.result()]
        log.seek(0)
        return seconds, len(re.findall(rb"Booting worker", log.read()))


def _ask_on(port: int, cookie: str, until: float, first: int) -> list[float]:
    seconds = []
    pages = cycle(PAGES[first % len(PAGES) :] + PAGES[: first % len(PAGES)])
    while time.monotonic() < until:
        seconds.append(_ask(port, next(pages), cookie))
        time.sleep(PAUSE)
    return seconds


def _ask(port: int, page: str, cookie: str) -> float:
    """Seconds from connecting to the last byte; AssertionError unless the page came."""
    begun = time.perf_counter()
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.request("GET", page, headers={"Cookie": cookie, "Host": "localhost", "Connection": "close"})
        answer = line.getresponse()
        answer.read()
    finally:
        line.close()
    assert answer.status in (200, 302), f"{page}: {answer.status}"
    return time.perf_counter() - begun


@contextmanager
def _gunicorn(log: int, renewed_after: int) -> Iterator[int]:
    """The port of a gunicorn of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    renewal = [f"--max-requests={renewed_after}", f"--max-requests-jitter={renewed_after}"]
    command = [sys.executable, "-m", *_dockerfile_command(), f"--bind=127.0.0.1:{port}", *renewal]
    environment = {**os.environ, "LOG_LEVEL": "WARNING", "BASE_URL": "http://localhost"}
    web = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        _wait_for(port, web)
        yield port
    finally:
        web.send_signal(signal.SIGTERM)
        web.wait(60)


def _dockerfile_command() -> list[str]:
    """How production starts gunicorn, but for where it listens and when it renews its workers."""
    text = (ROOT / "Dockerfile").read_text()
    command = shlex.split(
        text.rpartition("CMD [")[2].partition("]")[0].replace(",", " ").replace("\\\n", " ")
    )
    return [word for word in command if not word.startswith(("--bind", "--max-requests"))]


def _wait_for(port: int, web: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until and web.poll() is None:
        try:
            _ask(port, "/healthz", "")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("gunicorn does not answer")
