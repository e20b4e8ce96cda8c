"""The main job on the portal as a team runs it: web, beat, two workers, PostgreSQL, a Redis protocol server.

The same journey in one process is in test_with_api.py; the people here are those of ./run walk.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import redis
from cryptography.hazmat.primitives.serialization import pkcs12

from tests.portal_processes import OPS_PASSWORD, ROOT, PortalProcesses


def walk(portal: PortalProcesses, folder: Path, companies: int) -> dict[str, object]:
    """Take companies through all twelve steps; answers the timings."""
    kept = folder / "walk.json"
    command = [sys.executable, "-m", "tools.walk", "--portal", portal.address, "--atlas", portal.atlas_pages]
    command += ["--mail", str(portal.mail), "--ops-password", OPS_PASSWORD, "--companies", str(companies)]
    command += ["--out", str(folder / "walk.pfx"), "--json", str(kept), "--patience", "120"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    timings: dict[str, object] = json.loads(kept.read_text())
    return timings


def wipe_the_broker(portal: PortalProcesses) -> None:
    """Nothing that matters may live in Redis."""
    redis.Redis.from_url(portal.environment["REDIS_URL"]).flushdb()


def test_two_companies_walk_on_two_workers_one_of_which_dies_and_a_wiped_broker(tmp_path: Path) -> None:
    """Both end with a PFX that opens; projection and audit chain are whole afterwards."""
    with PortalProcesses(tmp_path / "portal") as portal:
        os.killpg(portal.workers[0].pid, signal.SIGKILL)
        wipe_the_broker(portal)
        timings = walk(portal, tmp_path, 2)
        assert timings["finished"] == 2
        for number in (1, 2):
            key, certificate, chain = pkcs12.load_key_and_certificates(
                (tmp_path / f"walk-{number}.pfx").read_bytes(), None
            )
            assert key is not None
            assert certificate is not None
            assert chain
        assert "equals the facts" in portal.manage("check_projection")
        assert "every chain is whole" in portal.manage("audit_check")
