"""One company's walk: read the journey's page, do what says “To do”, wait by reading the step's page again.

What is done at a step is in steps.py; what is printed, in report.py.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from bs4 import Tag

from tools.walk import bundle, people
from tools.walk.atlas import Atlas
from tools.walk.browser import Browser, Page, WalkFailed, attribute, words
from tools.walk.mailbox import Mailbox
from tools.walk.people import Company
from tools.walk.report import Log
from tools.walk.result import Result
from tools.walk.steps import Steps, is_manual

TO_DO, WAITING, PROBLEM, DONE = "To do", "Waiting", "There is a problem", "Done"
FIRST_PAUSE, LONGEST_PAUSE = 0.3, 2.0  # seconds between two looks at a page that waits


OnMoment = Callable[[str, str], None]


@dataclass(frozen=True)
class Places:
    """Where a walk takes place.

    `patience` is how many seconds one wait may last; `last_output` what an own demonstration said last.
    """

    portal: str
    atlas: str
    mail: Path
    patience: float
    last_output: Callable[[], str] = lambda: "The portal's own log says more."


@dataclass(frozen=True)
class Task:
    """One row of the journey's page; locked rows have no address."""

    title: str
    status: str
    url: str

    @property
    def slug(self) -> str:
        """The last part of its address."""
        return self.url.rstrip("/").rpartition("/")[2]


class Walk:
    """A Primary Certificate Admin from the welcome email to the PFX.

    `on_moment` is called with the name of a moment and the address of its page, for who wants to see it: `company`,
    `start`, `do-<step>` and `wait-<step>` of every step, `end`.
    """

    def __init__(
        self,
        places: Places,
        company: Company,
        log: Log,
        *,
        own_key: bool,
        on_moment: OnMoment = lambda *_: None,
    ) -> None:
        self.on_moment = on_moment
        self.places, self.company, self.log = places, company, log
        self.answers: list[float] = []  # seconds of each page of the portal
        self.browser = Browser(places.portal, self.answers)
        self.steps = Steps(self.browser, Atlas(places.atlas, company), company, own_key=own_key)
        self.result = Result(company.name)
        self.begun: dict[str, float] = {}
        self.acted: set[str] = set()

    def go(self) -> None:
        """The whole walk. Never raises WalkFailed: `result` says what went wrong."""
        start = time.monotonic()
        try:
            self._arrive()
            while self._go_on():
                pass
            self.result.trouble = ""
        except WalkFailed as failure:
            self.result.trouble = str(failure)
        finally:
            self.steps.computer.close()
            self.result.seconds = time.monotonic() - start

    def _arrive(self) -> None:
        """Password, sign-in, and the start of the onboarding."""
        begun = time.monotonic()
        admin = self.company.admin
        page = people.set_password(self.browser, Mailbox(self.places.mail), admin)
        self.on_moment("company", page.link(self.company.name))
        page = self.browser.press(page, "Start the onboarding in UIT")
        self.result.code = page.path.split("/")[2]
        self.journey = self.browser.open(f"/onboardings/{self.result.code}/").url
        self.on_moment("start", self.journey)
        self._record("Set a password, sign in, start", "arrive", time.monotonic() - begun)

    def _go_on(self) -> bool:
        """One turn: the next thing to do, else a wait. False when every step is done."""
        tasks = self._tasks(self.browser.open(self.journey))
        if all(task.status == DONE for task in tasks):
            self.on_moment("end", self.journey)
            return False
        if trouble := next((task for task in tasks if task.status == PROBLEM), None):
            raise WalkFailed(
                f"{trouble.title}: {self.browser.open(trouble.url).text_of('.app-now--problem')}"
            )
        open_ones = [task for task in tasks if task.status == TO_DO and task.slug not in self.acted]
        if open_ones:
            self._act(open_ones[0])
        else:
            self._wait([task for task in tasks if task.status in (TO_DO, WAITING)])
        return True

    def _act(self, task: Task) -> None:
        self.on_moment(f"do-{task.slug}", task.url)
        page = self.browser.open(task.url)
        if task.slug == "dip-upload":
            self._take_bundle(page)
        self.steps.act(task.slug, page)
        self.acted.add(task.slug)

    def _take_bundle(self, page: Page) -> None:
        taken = self.result.bundle = bundle.fetch(self.steps, page)
        proof = self.browser.open(urljoin(self.journey, "proof/")).facts()
        told = proof.get("SHA-256 fingerprint of the certificate", "").replace(":", "").lower()
        if told != taken.certificate_sha256:
            raise WalkFailed(
                f"The proof is of the certificate {told}, the PFX holds {taken.certificate_sha256}."
            )
        self.result.proof = ", ".join(
            f"{name}: {proof[name]}"
            for name in ("Signed in to Atlas on", "Signed in from", "Validation policy")
            if name in proof
        )

    def _wait(self, tasks: list[Task]) -> None:
        """Read the pages of these steps again until one of them stands otherwise, or was confirmed by hand."""
        if not tasks:
            raise WalkFailed("Nothing is to do, nothing waits, and yet not every step is done.")
        for task in tasks:
            self.on_moment(f"wait-{task.slug}", task.url)
        pause, end = FIRST_PAUSE, time.monotonic() + self.places.patience
        while not any(self._has_moved(task) for task in tasks):
            if time.monotonic() > end:
                raise WalkFailed(
                    f"{tasks[0].title}: no end of the wait within {self.places.patience:.0f} seconds."
                )
            time.sleep(pause)
            pause = min(pause * 1.3, LONGEST_PAUSE)

    def _has_moved(self, task: Task) -> bool:
        page = self.browser.open(task.url)
        if page.text_of(".app-meta .govuk-tag") != task.status:
            return True
        alone = task.slug == "proof" and not self.steps.portal_keeps_pfx
        asked = task.status == WAITING and (alone or is_manual(page))
        return asked and self.steps.end_wait(task.slug, page)

    def _tasks(self, page: Page) -> list[Task]:
        """The rows of the page; a row that is new or done is noted with its time."""
        found = [_task(row, page.url) for row in page.soup.select(".govuk-task-list__item")]
        if not found:
            raise WalkFailed(f"{page.url} shows no steps. Its heading is “{page.heading()}”.")
        now = time.monotonic()
        for task in found:
            if task.url:
                self.begun.setdefault(task.slug, now)
            if task.status == DONE and task.slug not in self.result.steps:
                self._record(task.title, task.slug, now - self.begun[task.slug])
        return found

    def _record(self, title: str, slug: str, seconds: float) -> None:
        self.result.steps[slug] = round(seconds, 3)
        self.log.step(self.company.name, title, seconds)


def _task(row: Tag, base: str) -> Task:
    link, status = row.select_one("a"), row.select_one(".govuk-tag")
    name = link or row.select_one(".govuk-task-list__name-and-hint div")
    url = urljoin(base, attribute(link, "href")) if link else ""
    return Task(words(name) if name else "", words(status) if status else "", url)
