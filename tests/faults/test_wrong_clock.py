"""The main job while the clocks of worker and beat run three days ahead and are set right in the middle of it.

What each kind of row does after such a clock is tested in tests/attacks/test_clock_that_ran_ahead.py.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.portal_processes import OPS_PASSWORD, ROOT, PortalProcesses

PATIENCE = 110  # seconds in which everything must have gone on
AHEAD = "interval '3 days'"
LEFT_BEHIND = f"""
    UPDATE journey_steprecord SET next_check_at = next_check_at + {AHEAD}
        WHERE next_check_at < clock_timestamp() + {AHEAD};
    UPDATE notifications_outboxemail SET next_try_at = next_try_at + {AHEAD}
        WHERE next_try_at < clock_timestamp() + {AHEAD} AND delivery IN ('queued', 'sending');
    UPDATE certs_signingintent SET claimed_until = clock_timestamp() + {AHEAD}
        WHERE status IN ('planned', 'unknown');
    UPDATE certs_certificate SET chain_next_search_at = chain_next_search_at + {AHEAD}
        WHERE chain_next_search_at < clock_timestamp() + {AHEAD};
"""  # as a database whose own clock was three days ahead leaves them


class WithWrongClocks(PortalProcesses):
    """The portal whose worker (two processes) and beat run on the clock of wrong_clock.py, and hurry."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, workers=1)

    def _settings(self, atlas: dict[str, str]) -> dict[str, str]:
        return {**super()._settings(atlas), "POLL_SPEED": "40"}

    @property
    def right(self) -> Path:
        """Make this file, and the clocks are set right."""
        return self.folder / "clock-is-right"

    def _run(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        if name.startswith(("worker", "beat")):
            command = ["tests.faults.wrong_clock" if word == "config" else word for word in command]
            self.environment["CLOCK_IS_RIGHT"] = str(self.right)
        return super()._run(name, command)


def walk(portal: PortalProcesses, folder: Path) -> subprocess.Popen[str]:
    """A company that goes through all twelve steps meanwhile."""
    command = [sys.executable, "-m", "tools.walk", "--portal", portal.address, "--atlas", portal.atlas_pages]
    command += ["--mail", str(portal.mail), "--ops-password", OPS_PASSWORD, "--patience", str(PATIENCE)]
    return subprocess.Popen(
        [*command, "--out", str(folder / "walk.pfx")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def until(true: Callable[[], Any], what: str) -> None:
    """Wait for it, and not for ever."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.1)


@pytest.mark.nightly
def test_everything_goes_on_when_clocks_that_ran_three_days_ahead_are_set_right(tmp_path: Path) -> None:
    with (
        WithWrongClocks(tmp_path / "portal") as portal,
        psycopg.connect(portal.environment["DATABASE_URL"], autocommit=True) as database,
    ):

        def count(where: str) -> int:
            row = database.execute(f"SELECT count(*) FROM {where}".encode()).fetchone()
            assert row is not None
            return int(row[0])

        def a_wait_was_looked_at() -> int:
            """One that waits still, or that has ended since: on a busy machine none may be seen in between."""
            assert walked.poll() is None, f"the walk ended: {walked.communicate()[0][-3000:]}"
            waits = count("journey_steprecord WHERE state = 'waiting' AND poll_count > 0")
            return waits or count("audit_event WHERE data->>'witness' IN ('atlas', 'portal')")

        walked = walk(portal, tmp_path)
        until(a_wait_was_looked_at, f"no wait was looked at while the clocks were wrong: {portal.logs}")
        portal.right.touch()
        set_right = time.monotonic()
        for _ in range(5):  # what was under way then, and what the clock's last moments leave behind
            database.execute(LEFT_BEHIND.encode())
            time.sleep(1)
        said, _ = walked.communicate(timeout=PATIENCE + 60)
        assert walked.returncode == 0, said[-3000:]
        assert time.monotonic() - set_right < 120
        until(
            lambda: not count("notifications_outboxemail WHERE delivery IN ('queued', 'sending')"),
            "emails wait",
        )
        assert count("notifications_outboxemail WHERE delivery = 'failed'") == 0
        assert count("journey_onboarding WHERE status = 'completed'") == 1
        assert "equals the facts" in portal.manage("check_projection")
        assert "seconds ago" in portal.manage("check_schedule")
        assert count(f"journey_steprecord WHERE since > clock_timestamp() + {AHEAD} / 2") == 0
