"""The demonstration that runs already, or one of one's own: a process on a free port, in a folder that goes with it.

What the demonstration is, stands in demo/.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import requests

from tools.console import ROOT
from tools.walk.browser import WalkFailed

PATIENCE = 120.0  # seconds until a demonstration counts as not started
LEAVING = 15.0  # seconds in which it should stop
OUTSIDE = ("ACCOUNT_API_URL", "ACCOUNT_API_TOKEN", "ACCOUNT_API_ROOT")  # of another portal: not for this one

FOLDER = Path(
    os.environ.get("DEMO_DIR") or ROOT / ".demo"
).absolute()  # of the demonstration that people start


@dataclass(frozen=True)
class Running:
    """Where the running demonstration answers; `account_api`: whether it can look into its Atlas."""

    portal: str
    atlas: str
    mail: Path
    account_api: bool


def find_running() -> Running | None:
    """The demonstration of this checkout, or of DEMO_DIR, if it answers. It writes the file while it runs."""
    try:
        facts = json.loads((FOLDER / "running.json").read_text())
        os.kill(facts["pid"], 0)  # a file that a killed one left behind may name a port that is another's now
        found = Running(facts["portal"], facts["atlas"], Path(facts["mail"]), facts["account_api"])
        return found if requests.get(f"{found.portal}/healthz", timeout=5).ok else None
    except (OSError, ValueError, KeyError, TypeError):  # requests' errors are OSErrors
        return None


class Demo:
    """`with Demo() as demo:` gives `demo.portal`, `demo.atlas` (addresses) and `demo.mail` (folder)."""

    def __init__(self, *, account_api: bool = True) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="walk-demo-")
        self.folder, self.port = Path(self._folder.name) / "demo", _free_port()
        self.portal, self.mail = f"http://localhost:{self.port}", self.folder / "mail"
        self.atlas = ""
        self.log = Path(self._folder.name) / "log"
        self._environment = {
            **{name: value for name, value in os.environ.items() if name not in OUTSIDE},
            "PORT": str(self.port),
            "DEMO_DIR": str(self.folder),
            "DEMO_ACCOUNT_API": "on" if account_api else "off",
        }

    def __enter__(self) -> Demo:
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "demo"],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            self._wait()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    @property
    def pid(self) -> int:
        """Of the demonstration's process."""
        return self._process.pid

    def _wait(self) -> None:
        """Until the portal answers. Lost with the end of its log if it does not."""
        end = time.monotonic() + PATIENCE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > end:
                raise WalkFailed(self.last_output())
            time.sleep(0.2)
        self.atlas = json.loads((self.folder / "atlas" / "account.json").read_text())["pages_url"]

    def last_output(self) -> str:
        """Whether it still runs, and the end of what it said."""
        status = self._process.poll()
        standing = "still runs" if status is None else f"has ended, with status {status}"
        said = self.log.read_text(errors="replace")[-1500:]
        return f"The demonstration {standing}. The last that it said:\n{said}"

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.portal}/healthz", timeout=5).ok
        except requests.RequestException:
            return False

    def _stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(LEAVING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
