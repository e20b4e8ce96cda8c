"""The company's own computer: a folder, a bash, and the commands that the portal's pages show.

A command is taken from the page as it stands there and run as it stands there.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from tools.walk.browser import File, Page, WalkFailed, words

SHELL = "bash"
LONGEST = 120.0  # seconds that a command may take


def command(page: Page, section: str) -> str:
    """The bash command of a section of the page (`make-csr`, `make-pfx`, `check-pfx`, `prove`).

    A section shows one command, for the system that was chosen, or one for each shell.
    """
    if alone := page.soup.select_one(f"#{section} code"):
        return alone.get_text()
    for panel in page.soup.select(f'[id^="{section}-"]'):
        title, code = panel.select_one(".app-command__title"), panel.select_one("code")
        if title and code and words(title) == SHELL:
            return code.get_text()
    raise WalkFailed(f"The page “{page.heading()}” shows no command for {SHELL} under {section}.")


class Computer:
    """A folder that nobody else can read, gone with close()."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="walk-")
        self.folder = Path(self._folder.name)

    def close(self) -> None:
        """Delete the folder and the private key in it."""
        self._folder.cleanup()

    def run(self, text: str, typed: str = "") -> str:
        """Run a command and answer what it printed; `typed` answers its questions. WalkFailed if it fails."""
        done = subprocess.run(
            [SHELL, "-c", text],
            cwd=self.folder,
            env={**os.environ, "LC_ALL": "C"},
            input=typed,
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
        if done.returncode:
            raise WalkFailed(
                f"A command of the portal's page failed: {text.splitlines()[0][:90]}: {done.stderr[-300:]}"
            )
        return done.stdout

    def save(self, page: Page) -> None:
        """Keep a download under the name that the portal gave it."""
        (self.folder / Path(page.file_name).name).write_bytes(page.content)

    def only(self, suffix: str) -> File:
        """(name, content) of the one file with this ending. WalkFailed if there is none, or more than one."""
        found = sorted(self.folder.glob(f"*{suffix}"))
        if len(found) != 1:
            raise WalkFailed(
                f"There should be one {suffix} file after the portal's command, not {len(found)}."
            )
        return found[0].name, found[0].read_bytes()
