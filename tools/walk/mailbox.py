"""The emails that the portal has sent, read from the folder into which it drops them as files.

What is asked of an email is one link.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

from tools.walk.browser import WalkFailed

BETWEEN = b"\n" + b"-" * 79 + b"\n"  # Django writes this line after each message of a file
PATIENCE = 60.0  # seconds until an email counts as not sent


class Mailbox:
    """The folder with everybody's emails."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def link(self, to: str, pattern: str) -> str:
        """The newest link to this address that matches the pattern, waited for. WalkFailed if none comes."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = [link for text in self._texts(to) for link in re.findall(r"https?://\S+", text)]
            if matching := [link for link in found if re.search(pattern, link)]:
                return str(matching[-1])
            time.sleep(0.3)
        raise WalkFailed(f"No email to {to} with a link like {pattern} came within {PATIENCE:.0f} seconds.")

    def _texts(self, to: str) -> Iterator[str]:
        """The plain texts of the emails to this address, oldest first."""
        for file in sorted(self.folder.glob("*.log"), key=lambda path: path.stat().st_mtime):
            for raw in file.read_bytes().split(BETWEEN):
                message = message_from_bytes(raw.lstrip(b"\n"), policy=policy.default)
                body = message.get_body(("plain",))
                if to in str(message["To"]) and body is not None:
                    yield str(body.get_content())
