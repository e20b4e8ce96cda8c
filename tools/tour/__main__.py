"""`python -m tools.tour` (`./run tour`): make docs/tour.md and its pictures again. Exit status 0 or 1.

The text of the tour stands in sights.py.
"""

from __future__ import annotations

import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tools.console import ROOT, print_status
from tools.tour.camera import Camera
from tools.tour.guide import Guide
from tools.tour.sights import CHAPTERS, SIGHTS
from tools.walk.browser import Lost
from tools.walk.demo_process import Demo
from tools.walk.journey import Places
from tools.walk.report import Log

PAGE, PICTURES = ROOT / "docs" / "tour.md", ROOT / "docs" / "tour"
LARGEST = 60 * 1024  # bytes of one picture
PATIENCE = 300.0  # seconds that one wait of the walk may last
INTRODUCTION = """# A tour

One company's way through the portal, photographed in a demonstration (`./run demo`). This page and its pictures are
made by `./run tour`; its sentences stand in `tools/tour/sights.py`.
"""


def text() -> str:
    """The page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield INTRODUCTION
    for chapter, sights in CHAPTERS.items():
        yield f"## {chapter}\n"
        for sight in sights:
            yield f"### {sight.title}\n\n{sight.sentence}\n\n![{sight.title}](tour/{sight.file})\n"


def make(folder: Path) -> None:
    """Take every picture into a folder. Lost if one is missing or too large."""
    with Demo() as demo, Camera(folder) as camera:
        Guide(Places(demo.portal, demo.atlas, demo.mail, PATIENCE), camera, Log()).go()
    sizes = {sight.file: (folder / sight.file).stat().st_size for sight in SIGHTS.values()}
    if large := [f"{name} ({size // 1024} KB)" for name, size in sizes.items() if size > LARGEST]:
        raise Lost(
            f"Larger than {LARGEST // 1024} KB: {', '.join(large)}. Crop them in tools/tour/sights.py."
        )


def main() -> int:
    """Make everything anew; the old pictures stay until all new ones are there."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the demonstration is stopped too
    with tempfile.TemporaryDirectory(prefix="tour-") as folder:
        try:
            make(Path(folder))
        except Lost as lost:
            print_status(f"The tour is as it was: {lost}")
            return 1
        shutil.rmtree(PICTURES, ignore_errors=True)
        shutil.copytree(folder, PICTURES)
    PAGE.write_text(text(), encoding="utf-8")
    print_status(f"{PAGE.relative_to(ROOT)} has {len(SIGHTS)} pictures.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
