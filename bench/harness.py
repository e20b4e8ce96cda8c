"""How a measurement is written, run, shown and kept: one entry sets our figure beside somebody else's.

A module bench/<subject>.py holds the measurements of one subject:

    @measurement
    def pfx() -> Iterator[Entry]:
        yield compare("build a PFX", ours=..., against="openssl pkcs12 -export", theirs=..., unit="ms")
"""

from __future__ import annotations

import functools
import json
import logging
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "out" / "results.json"
HEADINGS = ("what", "ours", "against", "theirs", "ratio")

Measurement = Callable[[], "Iterator[Entry]"]
_measurements: dict[str, Measurement] = {}
_kept_until_the_end = ExitStack()
numbers: list[int] = []  # sizes that were asked for beside the words


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the table. `ratio` above 1 means that ours is better; None when there is nothing beside it."""

    name: str
    ours: float
    unit: str
    against: str
    theirs: float | None
    ratio: float | None


def measurement(function: Measurement) -> Measurement:
    """Register a measurement under `module.function`."""
    _measurements[f"{function.__module__.removeprefix('bench.')}.{function.__name__}"] = function
    return function


def chosen(words: Sequence[str]) -> dict[str, Measurement]:
    """The measurements whose name holds one of the words; all of them when there are no words."""
    return {n: m for n, m in sorted(_measurements.items()) if not words or any(word in n for word in words)}


def compare(
    name: str,
    *,
    ours: float,
    unit: str,
    against: str = "",
    theirs: float | None = None,
    better: Literal["lower", "higher"] = "lower",
) -> Entry:
    """An entry with its ratio. `ours` and `theirs` are in `unit`; `against` names what theirs was measured on."""
    worse, good = (theirs, ours) if better == "lower" else (ours, theirs)
    ratio = worse / good if worse is not None and good else None
    return Entry(name, ours, unit, against, theirs, ratio)


def milliseconds(function: Callable[[], object], rounds: int = 7) -> float:
    """Median wall-clock milliseconds of a call, after one call that is not counted."""
    function()
    return statistics.median(_seconds(function) for _ in range(rounds)) * 1000


def _seconds(function: Callable[[], object]) -> float:
    begun = time.perf_counter()
    function()
    return time.perf_counter() - begun


@functools.cache
def portal() -> None:
    """Set Django up on a real PostgreSQL and Valkey with an empty, migrated database; they live until the end.

    Where DATABASE_URL and REDIS_URL are set, these are taken, with what is in them: a database that was seeded before
    spares seeding it again. Measurements change it. Its AUDIT_KEY and VAULT_KEYS have to be set, too.
    """
    if not {"DATABASE_URL", "REDIS_URL"} <= os.environ.keys():
        from tests.services import start_services

        services = _kept_until_the_end.enter_context(start_services())
        os.environ.update(DATABASE_URL=services.database_url or "", REDIS_URL=services.redis_url or "")
    os.environ.update(PORTAL_MODE="test", DJANGO_SETTINGS_MODULE="config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    logging.getLogger("portal.security").setLevel(logging.WARNING)  # or each sign-in is a line
    call_command("migrate", verbosity=0)


def close() -> None:
    """Stop what `portal` started."""
    _kept_until_the_end.close()


def table(entries: Sequence[Entry]) -> str:
    """The entries as aligned text under a heading."""
    rows = [HEADINGS, *(_row(entry) for entry in entries)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def describe(entry: Entry) -> str:
    """One entry as a line."""
    return "  ".join(cell for cell in _row(entry) if cell)


def _row(entry: Entry) -> tuple[str, ...]:
    theirs = "" if entry.theirs is None else f"{_figure(entry.theirs)} {entry.unit}"
    ratio = "" if entry.ratio is None else f"{_figure(entry.ratio)} x"
    return (entry.name, f"{_figure(entry.ours)} {entry.unit}", entry.against, theirs, ratio)


def _figure(value: float) -> str:
    """Three significant digits, never in scientific notation."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def write(entries: Sequence[Entry], path: Path = RESULTS) -> Path:
    """Write the entries and the machine they were measured on as JSON; returns where."""
    document: dict[str, Any] = {"machine": machine(), "entries": [asdict(entry) for entry in entries]}
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(json.dumps(document, indent=2) + "\n")
    new.replace(path)  # whoever is cut short meanwhile leaves the file before it
    return path


def machine() -> dict[str, str | int | float]:
    """What the figures depend on, without naming the machine. `load`: processes that wanted to run, lately."""
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count() or 0,
        "load": round(os.getloadavg()[1], 1),
    }
