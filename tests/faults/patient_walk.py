"""People who walk a company through the journey while the portal is being hit, and try again as people do.

The way itself is that of `./run walk`.
"""

import time
from typing import Any

import requests

from tools.walk.atlas import Atlas
from tools.walk.browser import TIMEOUT, Browser, File, Page, WalkFailed, _readable
from tools.walk.journey import Places, Walk
from tools.walk.people import Company
from tools.walk.report import Log
from tools.walk.steps import CREDENTIAL, SAVE, Steps

AGAIN = 0.5  # seconds until somebody loads a page again that did not come


class Interrupted(WalkFailed):
    """The portal was away in the middle of an act; whether it was taken, the next page tells."""


class PatientBrowser(Browser):
    """Loads a page again until it comes. `answers` collects (moment, status) of every answer; 0 is no answer."""

    def __init__(self, base: str, answers: list[tuple[float, int]], until: float) -> None:
        super().__init__(base)
        self.answers, self.until = answers, until

    def _ask(self, method: str, address: str, **more: Any) -> Page:
        while True:
            status, response = 0, None
            try:
                response = self.session.request(method, address, timeout=TIMEOUT, **more)
                status = response.status_code
            except requests.RequestException:
                pass
            self.answers.append((time.monotonic(), status))
            if response is not None and 0 < status < 500 and status != 429:
                return _readable(Page(response), method)
            if method != "GET" and status != 429:
                raise Interrupted(f"{method} {address}: {status}")
            if time.monotonic() > self.until:
                raise WalkFailed(f"{method} {address} was answered with {status} until the end.")
            time.sleep(AGAIN)


class PatientSteps(Steps):
    """Makes in Atlas once what can be made there once, also when the portal has to be told twice."""

    def do_api_credentials(self, page: Page) -> None:
        """The CSV that is at hand already, else a new one."""
        if not self.csv[1]:
            self.csv = self.atlas.generate_credentials(CREDENTIAL)
        files: dict[str, File] = {"csv": self.csv}
        self.browser.press(page, SAVE, {"name": CREDENTIAL, "way": "csv"}, files)

    def do_invitation(self, page: Page) -> None:
        """Once accepted, the rest is the portal's."""
        if not self.atlas.password:
            super().do_invitation(page)


class PatientWalk(Walk):
    """A walk that goes on after every interruption, until `until` (of time.monotonic)."""

    def __init__(self, places: Places, company: Company, log: Log, answers: list[Any], until: float) -> None:
        super().__init__(places, company, log, own_key=False)
        self.browser = PatientBrowser(places.portal, answers, until)
        self.steps = PatientSteps(self.browser, Atlas(places.atlas, company), company, own_key=False)
        self.until = until

    def arrive(self) -> None:
        """Password, sign-in and the start, before anything is hit."""
        self._arrive()

    def go(self) -> None:
        """On to the end. Never raises WalkFailed: `result` says what went wrong."""
        try:
            while self._takes_a_step():
                assert time.monotonic() < self.until, "out of time"
            self.result.trouble = ""
        except (WalkFailed, AssertionError) as failure:
            self.result.trouble = str(failure)
        finally:
            self.steps.computer.close()

    def _takes_a_step(self) -> bool:
        try:
            return self._go_on()
        except WalkFailed:
            if time.monotonic() > self.until:
                raise
            self.acted.clear()  # whether it was taken, the page says
            time.sleep(AGAIN)
            return True
