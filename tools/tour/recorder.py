"""The way of the tour: a walk that is photographed, and visits to companies of the demonstration that stand elsewhere.

What is photographed stands in pictures.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urljoin

from playwright.sync_api import Page

from tools.tour.pictures import PICTURES_BY_MOMENT
from tools.tour.screenshots import Screenshots
from tools.walk import people
from tools.walk.browser import Browser, Value, WalkFailed
from tools.walk.journey import Places, Walk
from tools.walk.people import Person
from tools.walk.report import Log

PASSWORD = "demonstration only"  # noqa: S105  printed by every demonstration
OPS = Person("Ops", "ops@dip.example", PASSWORD)

# moment -> whose page, and its address from the journey (or from the portal, with a slash)
ELSEWHERE: dict[str, tuple[str, str]] = {
    "rejected": ("primary@harbour.example", "verification/"),
    "late": ("primary@ashdown.example", "verification/"),
    "team": ("primary@northwind.example", "/companies/northwind-energy/team/"),
    "tasks": ("primary@northwind.example", "/?stay"),
    "help": ("primary@northwind.example", "/help/"),
}
# what is seen on the way to a moment of the walk: moment -> moments with their addresses from the journey
AFTER: dict[str, dict[str, str]] = {
    "wait-verification": {"journey": ""},
    "do-csr": {"commands": "csr/ways/openssl/"},
    "do-dip-upload": {"proof": "proof/", "again": "/accounts/reauthenticate/"},
    "end": {"download": "download/", "history": "history/"},
}


class TourRecorder:
    """Walks one company through, and takes the pictures on the way."""

    def __init__(self, places: Places, screenshots: Screenshots, log: Log) -> None:
        self.places, self.screenshots, self.log = places, screenshots, log
        self.taken: set[str] = set()

    def go(self) -> None:
        """The whole tour. WalkFailed if the walk does not come to its end or a picture was not seen."""
        self._ops()
        self.walk.go()
        if self.walk.result.trouble:
            raise WalkFailed(self.walk.result.trouble)
        for moment, (email, address) in ELSEWHERE.items():
            self._visit(moment, Person("", email, PASSWORD), address)
        if unseen := set(PICTURES_BY_MOMENT) - self.taken:
            raise WalkFailed(f"These pictures were not met on the way: {', '.join(sorted(unseen))}.")

    def _ops(self) -> None:
        browser, company = Browser(self.places.portal), people.invent("Walkabout Energy")
        self._take("sign-in", "/accounts/login/", browser)
        people.sign_in(browser, OPS)
        self._take("board", "/ops/", browser)
        self._take("add-company", "/companies/add/", browser)
        people.add_company(browser, company)
        self.walk = Walk(self.places, company, self.log, own_key=False, on_moment=self._on_moment)

    def _on_moment(self, moment: str, address: str) -> None:
        """What there is to see at a moment of the walk, and around it."""
        browser = self.walk.browser
        self._take(moment, address, browser)
        for other, where in AFTER.get(moment, {}).items():
            self._take(other, urljoin(self.walk.journey, where), browser)
        if moment == "do-register":
            self._answers(address)
        if moment == "do-quote":
            self._take("atlas", "/accounts", self.walk.steps.atlas.browser)

    def _visit(self, moment: str, person: Person, address: str) -> None:
        """A page of somebody who lands on the journey after signing in."""
        browser = Browser(self.places.portal)
        people.sign_in(browser, person)
        self._take(moment, urljoin(browser.open("/").url, address), browser)

    def _answers(self, address: str) -> None:
        """The registration's answers, typed but not sent."""
        page = self.screenshots.open(PICTURES_BY_MOMENT["answers"], address, self.walk.browser.session)
        _type(page, self.walk.steps.registration())
        page.get_by_role("button", name="Check your answers").click()
        page.wait_for_load_state("networkidle")
        self._shoot("answers", page)

    def _take(self, moment: str, address: str, browser: Browser) -> None:
        if moment in PICTURES_BY_MOMENT and moment not in self.taken:
            self._shoot(
                moment,
                self.screenshots.open(
                    PICTURES_BY_MOMENT[moment], urljoin(browser.base, address), browser.session
                ),
            )

    def _shoot(self, moment: str, page: Page) -> None:
        self.screenshots.take(PICTURES_BY_MOMENT[moment], page)
        self.taken.add(moment)


def _type(page: Page, values: Mapping[str, Value]) -> None:
    for name, value in values.items():
        field = page.locator(f'[name="{name}"]').first
        if value is True:
            field.check()
        else:
            field.fill(str(value))
