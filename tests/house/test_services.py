"""The servers that tests run against: they answer, and they end with whoever started them, however that ends.

What the portal does with them is tested in its rooms.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

from tests.house.checkout import ROOT
from tests.services import start_services

START = """
from tests.services import start_services
with start_services(["redis"]) as services:
    print(services.redis_url, flush=True)
    input()
"""


def _answers(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", urlsplit(url).port or 0)) == 0


def _ends(url: str, seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while _answers(url) and time.monotonic() < end:
        time.sleep(0.05)
    return not _answers(url)


def test_the_tests_run_on_postgresql() -> None:
    assert re.match(r"postgres(ql)?://", os.environ["DATABASE_URL"])


def test_servers_answer_inside_the_with_block_and_are_gone_after_it() -> None:
    with start_services(["redis"]) as services:
        assert services.redis_url is not None
        assert services.database_url is None
        assert _answers(services.redis_url)
    assert not _answers(services.redis_url)


def test_a_killed_process_leaves_no_server_behind() -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", START], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    url = child.stdout.readline().strip()
    assert _answers(url)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert _ends(url)
