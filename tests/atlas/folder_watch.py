"""Tells which files came into being while something ran, and what they held, even if they were gone at once.
Not here: a verdict. It asks the Linux kernel (inotify(7)) and the audit events of Python: none is missed.
"""

import ctypes
import os
import stat
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

IN_CREATE = 0x100
IN_MOVED_TO = 0x80
IN_NONBLOCK = 0x800
EVENT = struct.Struct("iIII")


@contextmanager
def new_files(*folders: Path) -> Iterator[list[str]]:
    """A list that has, once the block is left, the names of all files made in `folders` inside of it."""
    kernel = ctypes.CDLL(None, use_errno=True)
    watch = kernel.inotify_init1(IN_NONBLOCK)
    for folder in folders:
        if kernel.inotify_add_watch(watch, os.fsencode(folder), IN_CREATE | IN_MOVED_TO) < 0:
            raise OSError(ctypes.get_errno(), f"cannot watch {folder}")
    names: list[str] = []
    try:
        yield names
        names += _names(watch)
    finally:
        os.close(watch)


def _names(watch: int) -> Iterator[str]:
    while True:
        try:
            events = os.read(watch, 65_536)
        except BlockingIOError:
            return
        while events:
            length = EVENT.unpack_from(events)[3]
            yield events[EVENT.size : EVENT.size + length].rstrip(b"\0").decode()
            events = events[EVENT.size + length :]


_removed: list[list[tuple[int, bytes]]] = []
_written: list[list[str]] = []


def _hear(event: str, details: tuple[Any, ...]) -> None:
    if event == "os.remove" and _removed:
        path = Path(details[0])
        _removed[-1].append((stat.S_IMODE(path.stat().st_mode), path.read_bytes()))
    if event == "open" and _written and isinstance(details[0], str | bytes) and details[2] & os.O_CREAT:
        _written[-1].append(os.fsdecode(details[0]))


sys.addaudithook(_hear)  # for good: Python has no way to take one away


@contextmanager
def removed_files() -> Iterator[list[tuple[int, bytes]]]:
    """Mode and content that each file had when Python removed it inside of the block."""
    _removed.append([])
    try:
        yield _removed[-1]
    finally:
        _removed.pop()


@contextmanager
def written_files() -> Iterator[list[str]]:
    """The names of all files, in any folder, that Python opened inside of the block in order to make them."""
    _written.append([])
    try:
        yield _written[-1]
    finally:
        _written.pop()
