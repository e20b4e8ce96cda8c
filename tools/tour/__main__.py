"""`python -m tools.tour` (`./run tour`): make docs/tour.md and its pictures again. Exit status 0 or 1.

The text of the tour stands in pictures.py.
"""

from __future__ import annotations

import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tools.console import ROOT, print_status
from tools.tour.pictures import CHAPTERS, PICTURES_BY_MOMENT
from tools.tour.recorder import TourRecorder
from tools.tour.screenshots import Screenshots
from tools.walk.browser import WalkFailed
from tools.walk.demo_process import Demo
from tools.walk.journey import Places
from tools.walk.report import Log

PAGE, PICTURES = ROOT / "docs" / "tour.md", ROOT / "docs" / "tour"
LARGEST = 60 * 1024  # bytes of one picture
PATIENCE = 300.0  # seconds that one wait of the walk may last
INTRODUCTION = """# A tour

One company's way through the portal, photographed in a demonstration (`./run demo`). This page and its pictures are
made by `./run tour`; its sentences stand in `tools/tour/pictures.py`.
"""


def text() -> str:
    """The page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield INTRODUCTION
    for chapter, pictures in CHAPTERS.items():
        yield f"## {chapter}\n"
        for picture in pictures:
            yield f"### {picture.title}\n\n{picture.sentence}\n\n![{picture.title}](tour/{picture.file})\n"


def make(folder: Path) -> None:
    """Take every picture into a folder. WalkFailed if one is missing or too large."""
    with Demo() as demo, Screenshots(folder) as screenshots:
        TourRecorder(Places(demo.portal, demo.atlas, demo.mail, PATIENCE), screenshots, Log()).go()
    sizes = {picture.file: (folder / picture.file).stat().st_size for picture in PICTURES_BY_MOMENT.values()}
    if large := [f"{name} ({size // 1024} KB)" for name, size in sizes.items() if size > LARGEST]:
        raise WalkFailed(
            f"Larger than {LARGEST // 1024} KB: {', '.join(large)}. Crop them in tools/tour/pictures.py."
        )


def main() -> int:
    """Make everything again; the old pictures stay until all new ones are there."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the demonstration is stopped too
    with tempfile.TemporaryDirectory(prefix="tour-") as folder:
        try:
            make(Path(folder))
        except WalkFailed as failure:
            print_status(f"The tour is as it was: {failure}")
            return 1
        shutil.rmtree(PICTURES, ignore_errors=True)
        shutil.copytree(folder, PICTURES)
    PAGE.write_text(text(), encoding="utf-8")
    print_status(f"{PAGE.relative_to(ROOT)} has {len(PICTURES_BY_MOMENT)} pictures.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
