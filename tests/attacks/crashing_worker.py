"""`celery -A tests.attacks.crashing_worker worker`: the portal's own, whose processes are killed by certain rows.

By a registration of a company called POISON, in the middle of sending it, and by an email with that subject. Each
death is a line of the file named in DEATHS.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from config.celery import app

__all__ = ["POISON", "app"]
POISON = "Poison Power Ltd"
_DEATHS = Path(os.environ["DEATHS"])
_MAIL = urlsplit(os.environ["EMAIL_URL"]).path


def _kill(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "http.client.send" and POISON.encode() in bytes(arguments[1]):
        _die("poll")
    if event == "open" and str(arguments[0]).startswith(_MAIL) and _subject() == POISON:
        _die("email")


def _subject() -> str:
    """Of the email that is being sent now."""
    frame: Any = sys._getframe()
    while frame and "email" not in frame.f_locals:
        frame = frame.f_back
    return str(getattr(frame.f_locals["email"], "subject", "")) if frame else ""


def _die(what: str) -> None:
    with _DEATHS.open("a") as file:
        file.write(f"{what}\n")
    os.kill(os.getpid(), signal.SIGKILL)


sys.addaudithook(_kill)
