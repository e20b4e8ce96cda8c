"""Pictures of pages: a Chromium without a window, small PNG files.

Which pages, and which part of them, stands in pictures.py.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from types import TracebackType

from playwright.sync_api import Page, sync_playwright
from requests import Session

from tools.console import JobFailed
from tools.programs import BROWSER_INSTALLATION, BROWSERS
from tools.tour.pictures import Picture
from tools.tour.png import shrink_png

SCALE = 0.8  # picture pixels for each of a page's: small files, letters that can still be read
ABOVE = 16  # CSS pixels shown above the part that a picture is about
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")


class Screenshots:
    """`with Camera(folder) as camera:`; each picture is of what the person of a session sees."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Screenshots:
        program = next((path for name in BROWSERS if (path := shutil.which(name))), None)
        if program is None:
            raise JobFailed(f"No Chromium was found. Install it first: {BROWSER_INSTALLATION}")
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._browser.close()
        self._playwright.stop()

    def open(self, picture: Picture, address: str, session: Session) -> Page:
        """The page of a picture, with the cookies of a session."""
        context = self._browser.new_context(
            viewport={"width": picture.width, "height": 1000}, device_scale_factor=SCALE, locale="en-GB"
        )
        for cookie in session.cookies:
            context.add_cookies([{"name": cookie.name, "value": cookie.value or "", "url": address}])
        page = context.new_page()
        page.goto(address, wait_until="networkidle")
        return page

    def take(self, picture: Picture, page: Page) -> None:
        """Write the picture of an open page and close the page."""
        top = 0.0
        if picture.at:
            box = page.locator(picture.at).first.bounding_box()
            top = max(0.0, (box["y"] if box else 0.0) - ABOVE)
        full = page.evaluate("document.documentElement.scrollHeight")
        image = page.screenshot(
            full_page=True,
            clip={"x": 0, "y": top, "width": picture.width, "height": min(picture.height, full - top)},
        )
        (self.folder / picture.file).write_bytes(shrink_png(image))
        page.context.close()
