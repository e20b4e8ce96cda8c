"""How `./run` talks: one line when a longer job starts, and a command's output only when it failed.

No job itself lives here.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class JobFailed(Exception):
    """A job cannot go on; its text is the sentence that `./run` prints before it ends with code 2."""


def print_status(sentence: str) -> None:
    """Tell the person what is going on, on stderr so that stdout stays the command's own."""
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()


def run_quietly(command: Sequence[str | Path], *, env: dict[str, str] | None = None) -> None:
    """Run a command in the checkout; show what it said only if it failed (JobFailed)."""
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise JobFailed(
            f"{done.stdout}{done.stderr}\nThis failed (exit code {done.returncode}): {' '.join(words)}"
        )
