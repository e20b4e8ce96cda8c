"""The main job on the portal as a team runs it: web, beat, two workers, PostgreSQL, a Redis protocol server.

The same journey in one process is in test_walk_with_api.py; the people here are those of ./run walk.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from cryptography.hazmat.primitives.serialization import pkcs12

from tests.portal_processes import HELD, OPS_PASSWORD, ROOT, PortalProcesses

pytestmark = pytest.mark.long


@contextmanager
def walking(portal: PortalProcesses, folder: Path, companies: int) -> Iterator[subprocess.Popen[str]]:
    """Companies on their way through all twelve steps; what is printed tells how far they are."""
    command = [
        sys.executable,
        "-u",
        "-m",
        "tools.walk",
        "--portal",
        portal.address,
        "--atlas",
        portal.atlas_pages,
    ]
    command += ["--mail", str(portal.mail), "--ops-password", OPS_PASSWORD, "--companies", str(companies)]
    command += ["--out", str(folder / "walk.pfx"), "--json", str(folder / "walk.json"), "--patience", "120"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        yield process


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """What it printed up to the line with these words; the test fails if it ends without them."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(f"It ended without {words!r}:\n{said}")


def wipe_the_broker(portal: PortalProcesses) -> None:
    """Nothing that matters may live in Redis."""
    redis.Redis.from_url(portal.environment["REDIS_URL"]).flushdb()


@pytest.mark.nightly  # the blows of tests/faults/test_chaos.py come with every run
def test_two_companies_walk_on_two_workers_one_of_which_dies_and_a_wiped_broker(tmp_path: Path) -> None:
    """In the middle of both walks. Both end with a PFX that opens; projection and audit chain are whole afterwards."""
    with PortalProcesses(tmp_path / "portal") as portal, walking(portal, tmp_path, 2) as process:
        read_until(process, "Accept the £0 quote")
        portal.kill("worker1")
        wipe_the_broker(portal)
        time.sleep(HELD)
        portal.let_leases_pass()
        said = read_until(process, "have their bundles")
        assert process.wait(30) == 0, said
        assert json.loads((tmp_path / "walk.json").read_text())["finished"] == 2
        for number in (1, 2):
            key, certificate, chain = pkcs12.load_key_and_certificates(
                (tmp_path / f"walk-{number}.pfx").read_bytes(), None
            )
            assert key is not None
            assert certificate is not None
            assert chain
        assert "equals the facts" in portal.manage("check_projection")
        assert "every chain is whole" in portal.manage("audit_check")
