"""`celery -A tests.faults.wrong_clock worker|beat`: the portal's own, on a wall clock that is three days ahead.

It is set right in every process as soon as the file named in CLOCK_IS_RIGHT exists.
"""

import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import time_machine
from celery.signals import worker_process_init

from config.celery import app

__all__ = ["AHEAD", "app"]
AHEAD = timedelta(days=3)
_RIGHT = Path(os.environ["CLOCK_IS_RIGHT"])
_wrong = time_machine.travel(datetime.now(UTC) + AHEAD)


@worker_process_init.connect
def _watch(**_: Any) -> None:
    """In each process of its own: threads do not survive a fork, the wrong clock does."""
    threading.Thread(target=_set_right, daemon=True).start()


def _set_right() -> None:
    while not _RIGHT.exists():
        threading.Event().wait(0.1)
    if time_machine.traveller_stack:
        _wrong.stop()


_wrong.start()
_watch()
