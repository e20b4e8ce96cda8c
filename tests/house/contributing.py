"""A copy of the checkout in which a list of CONTRIBUTING.md is followed, and what pytest then says in it.

What is added by each list is in contributing_additions.py.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.house.checkout import ROOT, files, name

PAGE = ROOT / "CONTRIBUTING.md"


@dataclass(frozen=True)
class Addition:
    """What one file gets: `text` before the line that begins with `at`, at the end, or as what `command` writes.

    `instead`: the line at `at` goes. `missed_by`: a test that fails when this file is left out.
    """

    path: str
    text: str = ""
    at: str = ""
    instead: bool = False
    command: tuple[str, ...] = ()
    missed_by: str = ""


def listed_files(heading: str) -> list[str]:
    """The files that the table under this heading names, in its first column."""
    section = PAGE.read_text("utf-8").partition(f"\n### {heading}\n")[2].partition("\n#")[0]
    return re.findall(r"^\| `([^`]+)` \|", section, re.M)


def is_meant(listed: str, path: str) -> bool:
    """Whether a line of a list means this file: a folder means all in it, ROOM is one folder."""
    pattern = re.escape(listed).replace("ROOM", "[^/]+")
    return re.fullmatch(pattern + (".+" if listed.endswith("/") else ""), path) is not None


class Copy:
    """The committed files of the checkout in a folder of their own."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder / "checkout"
        self.output = folder / "output.txt"
        for path in files():
            target = self.folder / name(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
        (self.folder / "static" / "build").symlink_to(ROOT / "static" / "build")
        self.forks = subprocess.Popen(
            [
                sys.executable,
                "-P",
                str(self.folder / "tests" / "house" / "pytest_forks.py"),
                str(self.output),
            ],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run_tests(self, *tests: str) -> list[str]:
        """Those that failed. An assertion where pytest could not run them."""
        status = self._run(*tests)
        assert status in (0, 1), f"pytest ended with {status}\n{self.printed()}"
        failed: list[str] = json.loads(self.output.with_suffix(".json").read_text("utf-8"))
        return failed

    def printed(self) -> str:
        """What the last run printed."""
        return self.output.read_text("utf-8", "replace")

    def _run(self, *arguments: str) -> int:
        assert self.forks.stdin is not None
        assert self.forks.stdout is not None
        print(json.dumps(arguments), file=self.forks.stdin, flush=True)
        return int(self.forks.stdout.readline())

    def close(self) -> None:
        """End the process that runs everything."""
        self.forks.communicate(timeout=30)

    def read(self, path: str) -> bytes:
        """A file of the copy; empty where there is none."""
        file = self.folder / path
        return file.read_bytes() if file.exists() else b""

    @contextmanager
    def with_additions(self, additions: tuple[Addition, ...]) -> Iterator[dict[str, bytes]]:
        """Make them; afterwards all is as before. Gives the files that are touched, as they were."""
        before = {each.path: self.read(each.path) for each in additions}
        try:
            for each in additions:
                self.make(each)
            yield {path: old for path, old in before.items() if self.read(path) != old}
        finally:
            for path, old in before.items():
                self.write(path, old)

    def make(self, addition: Addition) -> None:
        """One addition; an assertion where its place is not there, once."""
        if addition.command:
            assert self._run(*addition.command) == 0, self.printed()
            return
        text = self.read(addition.path).decode()
        if addition.at:
            assert text.count(f"\n{addition.at}") == 1, f"{addition.path}: {addition.at}"
            before, _, after = text.partition(f"\n{addition.at}")
            rest = after.partition("\n")[2] if addition.instead else f"{addition.at}{after}"
            self.write(addition.path, f"{before}\n{addition.text}{rest}".encode())
        else:
            self.write(addition.path, (text + addition.text).encode())

    def write(self, path: str, content: bytes) -> None:
        """A file of the copy; empty content takes it away."""
        file = self.folder / path
        if content:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        else:
            file.unlink(missing_ok=True)


def environment_for(database: str) -> dict[str, str]:
    """That of the tests, with the database that this process tests on, so that no other is made."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    return own | {"DATABASE_URL": f"{server}/{database.removeprefix('test_')}"}
