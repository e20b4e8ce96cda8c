"""Pages a second from gunicorn with two workers of four threads, beside a signed-in hello on the same server.

Each page is asked for in turn with the hello by eight connections that are kept open, from one process of few
instructions: nearly all of the processor is the server's and the database's.
"""

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from bench.harness import ROOT, Entry, compare
from bench.scale_pages import open_browser

CONNECTIONS = 8
SECONDS, ROUNDS = 4.0, 3
HELLO = "/hello/"
PAGES = {  # what is opened, by whom, and the least share of the hello's pages a second
    "journey": ("primary", "/onboardings/{code}/", 0.35),
    "step": ("primary", "/onboardings/{code}/{step}/", 0.25),
    "ops board": ("ops", "/ops/", 0.25),
}


def measure_web(size: int) -> Iterator[Entry]:
    """Each page's rate beside the hello of the same person."""
    with _serve() as port:
        for name, (who, path, least) in PAGES.items():
            browser, address = open_browser(who, path)
            _give_second_factor(browser)
            cookie = "; ".join(f"{key}={each.value}" for key, each in browser.cookies.items())
            rates: dict[str, list[float]] = {address: [], HELLO: []}
            for _ in range(ROUNDS):
                for each, found in rates.items():
                    found.append(_measure_rate(port, each, cookie))
            ours, hello = (median(found) for found in rates.values())
            what = f"{name} from two gunicorn workers, {size:,} companies"
            yield compare(what, ours=ours, unit="/s", against="hello", theirs=hello, better="higher")
            share = ours / hello
            yield compare(
                f"{what}, share of hello",
                ours=share,
                unit="",
                against="the least",
                theirs=least,
                better="higher",
            )


def _give_second_factor(browser: Any) -> None:
    """Who has none is led to set one up where production demands it; its code is never asked for here."""
    from allauth.mfa.models import Authenticator

    user = browser.session["_auth_user_id"]
    Authenticator.objects.get_or_create(user_id=user, type=Authenticator.Type.TOTP, defaults={"data": {}})


@contextmanager
def _serve() -> Iterator[int]:
    """gunicorn as the container starts it, with the hello; its port."""
    from django.conf import settings

    keys = ",".join(f"{name}:{_encode(key)}" for name, key in settings.PORTAL.vault_keys)
    environment = {
        **os.environ,
        "SECRET_KEY": settings.SECRET_KEY,
        "AUDIT_KEY": settings.PORTAL.audit_key.get_secret_value(),
        "VAULT_KEYS": keys,
        "LOG_LEVEL": "WARNING",
        "SECOND_FACTOR": "true",  # as production always demands
        "DJANGO_SETTINGS_MODULE": "bench.hello_portal.settings",
    }
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config=gunicorn.conf.py", "config.wsgi:application"]
    command += [f"--bind=127.0.0.1:{port}", "--workers=2", "--threads=4", "--access-logfile=/dev/null"]
    command += ["--no-control-socket"]
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            if not _answers(port, process):
                log.seek(0)
                raise RuntimeError(f"gunicorn did not start: {log.read()[-2000:]}")
            yield port
        finally:
            process.terminate()
            process.wait(30)


def _encode(key: Any) -> str:
    from base64 import b64encode

    return b64encode(key).decode()


def _answers(port: int, process: "subprocess.Popen[bytes]") -> bool:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            time.sleep(0.1)
    return False


def _measure_rate(port: int, path: str, cookie: str) -> float:
    """Answers a second over all connections; the first second is not counted."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode()
    begin = time.monotonic() + 1
    counts, faults = [0] * CONNECTIONS, list[str]()

    def ask(number: int) -> None:
        try:
            with socket.create_connection(("127.0.0.1", port), 30) as line:
                while (now := time.monotonic()) < begin + SECONDS:
                    line.sendall(request)
                    _read_answer(line)
                    counts[number] += now >= begin
        except (OSError, ValueError) as error:
            faults.append(f"{path}: {error}")

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise RuntimeError(faults[0])
    return sum(counts) / SECONDS


def _read_answer(line: socket.socket) -> None:
    """One answer with Content-Length. Raises ValueError where it is not 200."""
    got = line.recv(65536)
    while (end := got.find(b"\r\n\r\n")) < 0:
        if not (more := line.recv(65536)):
            raise ValueError("the line was cut")
        got += more
    head = got[:end].lower()
    if not head.startswith(b"http/1.1 200"):
        raise ValueError(f"answered {head[:40]!r}")
    left = int(head.partition(b"content-length:")[2].split(b"\r\n")[0]) - (len(got) - end - 4)
    while left > 0:
        left -= len(line.recv(65536)) or left
