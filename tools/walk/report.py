"""What a walk prints, and the file of timings that it writes for the bench.

Plain text, one line at a time, also when several companies walk at once.
"""

from __future__ import annotations

import json
import statistics
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tools.walk.result import Result

LABELS = ("PFX", "SHA-256 of the PFX", "SHA-256 of the certificate", "Serial number", "Valid until", "Proof")


class Log:
    """Lines of progress with the time since the start."""

    def __init__(self) -> None:
        self.start, self._lock = time.monotonic(), threading.Lock()

    def line(self, text: str) -> None:
        """One line, whole."""
        with self._lock:
            print(f"{time.monotonic() - self.start:7.1f} s  {text}", flush=True)

    def step(self, company: str, title: str, seconds: float) -> None:
        """A step is done."""
        self.line(f"{company}: {title}, done after {seconds:.1f} s")


def summary(results: Sequence[Result]) -> str:
    """What came of each company, then a table of the steps, then a sentence."""
    parts = [_outcome(result) for result in results]
    if finished := [result for result in results if not result.trouble]:
        parts.append(_table(finished))
    return "\n\n".join([*parts, _sentence(results)])


def _outcome(result: Result) -> str:
    if result.trouble or result.bundle is None:
        return f"{result.company} did not come to the end.\n  {result.trouble}"
    found = result.bundle
    values = (
        result.file,
        found.sha256,
        found.certificate_sha256,
        found.serial,
        found.not_after,
        result.proof,
    )
    rows = (f"  {label:<27} {value}" for label, value in zip(LABELS, values, strict=True))
    return "\n".join([f"{result.company} ({result.code})", *rows])


def _table(results: Sequence[Result]) -> str:
    """Seconds per step: the only walk's, or the median and the slowest of several."""
    slugs = list(results[0].steps)
    rows = [f"{'step':<20}{'seconds':>9}" + (f"{'slowest':>9}" if len(results) > 1 else "")]
    for slug in slugs:
        taken = [result.steps[slug] for result in results]
        row = f"{slug:<20}{statistics.median(taken):>9.1f}"
        rows.append(row + (f"{max(taken):>9.1f}" if len(results) > 1 else ""))
    rows.append(f"{'total':<20}{statistics.median([each.seconds for each in results]):>9.1f}")
    if len(results) > 1:
        rows[-1] += f"{max(each.seconds for each in results):>9.1f}"
    return "\n".join(rows)


def _sentence(results: Sequence[Result]) -> str:
    done = sum(not result.trouble for result in results)
    if len(results) == 1:
        if done:
            return (
                f"The company has its bundle, proved and downloaded, after {results[0].seconds:.1f} seconds."
            )
        return "The company has no bundle: the walk stopped, for the reason above."
    if done == len(results):
        return f"All {done} companies have their bundles, proved and downloaded."
    return (
        f"{done} of {len(results)} companies have their bundles; the others stopped, for the reasons above."
    )


def write_json(path: Path, results: Sequence[Result], answers: Sequence[float], **about: Any) -> None:
    """Timings: seconds per company and step, milliseconds per page of the portal."""
    page_ms = sorted(1000 * seconds for seconds in answers)
    cuts = statistics.quantiles(page_ms, n=20) if len(page_ms) > 1 else page_ms * 19
    document = {
        **about,
        "companies": len(results),
        "finished": sum(not result.trouble for result in results),
        "walks": [
            {
                "company": result.company,
                "seconds": round(result.seconds, 3),
                "steps": result.steps,
                "trouble": result.trouble,
            }
            for result in results
        ],
        "pages": {
            "count": len(page_ms),
            "p50_ms": round(cuts[9], 1),
            "p95_ms": round(cuts[18], 1),
            "slowest_ms": round(page_ms[-1], 1),
        },
    }
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
