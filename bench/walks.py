"""The main job as a whole: how long a company takes through all twelve steps, alone and among twenty.

Beside it stands the floor that nobody can shorten: the vetting of the local Atlas, 24 hours at the demonstration's
speed. Also the memory of the demonstration.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from bench.harness import ROOT, Entry, compare, measurement
from demo.environment import SPEED
from tools.walk.demo_process import Demo

VETTING = 24 * 3600 / SPEED  # seconds that the local Atlas lets a company wait
AIM = 250  # MiB


@measurement
def one_company() -> Iterator[Entry]:
    """One company from being added to a proven PFX and the upload."""
    yield _entry("walk of one company", _walk(1), "the local Atlas's vetting alone")


@measurement
def twenty_companies() -> Iterator[Entry]:
    """Twenty at once through the same one-process portal."""
    yield _entry("walk of each of 20 at once (median)", _walk(20), "the local Atlas's vetting alone")


@measurement
def memory() -> Iterator[Entry]:
    """Resident memory of the one-process demonstration after a company walked through it."""
    with Demo() as demo:
        arguments = ["--portal", demo.portal, "--atlas", demo.atlas, "--mail", str(demo.mail)]
        _run(1, arguments)
        process = psutil.Process(demo.pid)
        used = sum(each.memory_info().rss for each in [process, *process.children(recursive=True)])
    yield compare("memory of the demo", ours=used / 2**20, unit="MiB", against="the aim", theirs=AIM)


def _entry(name: str, seconds: list[float], against: str) -> Entry:
    return compare(name, ours=statistics.median(seconds), unit="s", against=against, theirs=VETTING)


def _walk(companies: int) -> list[float]:
    return [float(each["seconds"]) for each in _run(companies, [])]


def _run(companies: int, arguments: list[str]) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "walk.json"
        command = [
            sys.executable,
            "-m",
            "tools.walk",
            "--fresh",
            "--companies",
            str(companies),
            "--json",
            str(kept),
        ]
        command += ["--out", str(Path(folder) / "walk.pfx"), *arguments]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        walks: list[dict[str, Any]] = json.loads(kept.read_text())["walks"]
    return walks
