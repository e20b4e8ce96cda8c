"""What people do with their hands: sign in, open a step, fill its form, look again, copy, fetch; here and in Atlas.

What each person does when is in the tests.
"""

import re
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from onboarding.journey.steps import BY_SLUG
from onboarding.people.models import User
from tests.people_fixtures import PASSWORD

PATIENCE = 60  # seconds until work in the background counts as stuck; a key of 4096 bits takes some on a busy machine
NAME = ".govuk-task-list__name-and-hint > :first-child"  # of a step in the journey's list
PAUSE = 0.1  # seconds between two looks at a page that has not changed yet


def reload_until(seen: Callable[[], bool], what: str) -> None:
    """Look again and again; fails with `what` when it does not come."""
    end = time.monotonic() + PATIENCE
    while not seen():
        assert time.monotonic() < end, f"waited {PATIENCE} seconds for: {what}"
        time.sleep(PAUSE)


def take_way(tab: Page, way: str) -> None:
    """From a step's page to one of its ways by its links; the scripts of that page have run then."""
    part = tab.locator("#your-part")
    other = part.get_by_role("link", name="Choose another way", exact=True)
    if other.count():
        other.click()
        expect(part.get_by_role("heading", name="Choose one way")).to_be_visible()
    folded = part.locator("details:not([open])", has=tab.locator("a", has_text=re.compile(rf"^{way}$")))
    if folded.count():
        folded.locator("summary").click()
    part.get_by_role("link", name=way, exact=True).click()
    expect(part.get_by_role("heading", level=2)).to_have_text(way)
    tab.wait_for_load_state()  # a press before its script listens would send the form


class Person:
    """Somebody with a browser of their own."""

    def __init__(self, user: User, tab: Page) -> None:
        self.user, self.tab = user, tab

    def sign_in(self, then: str = "/") -> None:
        """Open a page, and go through the sign-in that comes first."""
        self.tab.goto(then)
        expect(self.tab.get_by_role("heading", level=1)).to_have_text("Sign in")
        self.tab.get_by_label("Email").fill(self.user.email)
        self.tab.get_by_label("Password", exact=True).fill(PASSWORD)
        self.press("Sign in")
        heading = self.tab.get_by_role("heading", level=1)
        expect(heading).not_to_have_text("Sign in")  # before that no page may be reloaded

    def sign_in_afresh(self) -> None:
        """Show once more who it is, where the portal asks."""
        expect(self.tab.get_by_role("heading", level=1)).to_have_text("Confirm it's you")
        self.tab.get_by_label("Password", exact=True).fill(PASSWORD)
        self.press("Continue")

    def press(self, button: str) -> None:
        """Press the button of exactly this name, in the page itself (not in its header)."""
        self.tab.get_by_role("main").get_by_role("button", name=button, exact=True).click()

    def follow(self, link: str) -> None:
        """Follow the first link of exactly this name."""
        self.tab.get_by_role("link", name=link, exact=True).first.click()

    def start_onboarding(self) -> None:
        """On the page of one's company, reached from the first page."""
        self.follow("One Energy Ltd")
        self.press("Start the onboarding in UIT")
        expect(self.tab.get_by_role("alert")).to_contain_text("The onboarding of One Energy Ltd has started.")

    def sees_that_it_is_complete(self) -> None:
        """The journey's first panel, and all steps."""
        self.open_journey()
        expect(self.tab.get_by_role("main")).to_contain_text("The onboarding is complete")
        assert self.tab.locator(".app-task-list .govuk-tag").all_inner_texts() == ["Done"] * len(BY_SLUG)

    def open_journey(self) -> None:
        """Who has one onboarding comes to its journey by way of the first page."""
        self.follow("Your tasks")

    def open_step(self, slug: str) -> None:
        """From the journey's list to a step's page."""
        title = BY_SLUG[slug].title
        self.open_journey()
        self.tab.locator(".app-stages").get_by_role("link", name=title, exact=True).click()
        expect(self.tab.get_by_role("heading", level=1)).to_have_text(title)

    def wait_until(self, slug: str, status: str) -> None:
        """Look at the journey until a step has this status."""
        title = BY_SLUG[slug].title
        name = self.tab.locator(NAME, has_text=re.compile(rf"^\s*{re.escape(title)}\s*$"))
        row = self.tab.locator(".govuk-task-list__item").filter(has=name)

        def seen() -> bool:
            self.open_journey()
            return row.locator(".govuk-tag").inner_text() == status

        reload_until(seen, f"{title}: {status}")

    def take_way(self, way: str, system: str = "") -> None:
        """Choose a way on a step's page, whatever was chosen before; its commands for a system."""
        take_way(self.tab, way)
        if system:
            self.part.get_by_role("link", name=system, exact=True).click()
            expect(self.part.get_by_role("link", name=system, exact=True)).to_have_attribute(
                "aria-current", "true"
            )

    def fill(self, texts: dict[str, str]) -> None:
        """Type into the fields with these labels."""
        for label, text in texts.items():
            self.part.get_by_label(label, exact=True).fill(text)

    def choose(self, *labels: str) -> None:
        """Tick or choose."""
        for label in labels:
            self.part.get_by_label(label).check()

    def date(self, question: str, on: date | None = None) -> None:
        """Type a date in its three boxes; today unless said otherwise."""
        on = on or timezone.localdate()
        boxes = self.part.get_by_role("group", name=question)
        for name, number in (("Day", on.day), ("Month", on.month), ("Year", on.year)):
            boxes.get_by_label(name).fill(str(number))

    def yesterday(self, question: str) -> None:
        """Type yesterday's date."""
        self.date(question, timezone.localdate() - timedelta(days=1))

    def bring(self, label: str, file: Path) -> None:
        """Choose a file."""
        with self.tab.expect_file_chooser() as chooser:
            self.part.get_by_role("button", name=re.compile(f"^{label}")).click()
        chooser.value.set_files(file)

    @property
    def part(self) -> Locator:
        """The part of a step's page that is for the person."""
        return self.tab.locator("#your-part")

    def copy(self, commands: str) -> str:
        """Press the copy button beside the bash command of this group, or its only one, and paste."""
        group = self.tab.locator(f"#{commands}, #{commands}-1")
        group.get_by_role("button", name="Copy").click()
        expect(self.tab.get_by_role("status")).to_have_text("Copied")
        pasted: str = self.tab.evaluate("navigator.clipboard.readText()")
        return pasted

    def fetch(self, what: Locator, folder: Path, name: str = "") -> Path:
        """Click on something that is downloaded; the file, under the name that the browser was told."""
        with self.tab.expect_download() as download:
            what.click()
        file = folder / (name or download.value.suggested_filename)
        download.value.save_as(file)
        return file

    def facts(self) -> dict[str, str]:
        """What is on record on this page; a copy button beside it is no part of it."""
        rows = self.tab.locator("dl .govuk-summary-list__row").all()
        pairs = ((row.locator("dt").inner_text(), row.locator("dd").first.inner_text()) for row in rows)
        return {name.strip(): value.strip().splitlines()[0] for name, value in pairs}


class AtlasTab:
    """The same person in the stand-in Atlas, in a tab beside the portal's."""

    def __init__(self, tab: Page) -> None:
        self.tab = tab

    @classmethod
    def of(cls, person: Person, password: str = "") -> "AtlasTab":
        """By the link on the portal's page, in a new tab, and through Atlas's sign-in."""
        with person.tab.context.expect_page() as opened:
            link = person.tab.get_by_role("link", name="the Atlas portal").first
            link.click(modifiers=["ControlOrMeta"])
        atlas = cls(opened.value)
        atlas.fill({"Email address": person.user.email, "Password": password})
        atlas.press("Sign in")
        expect(atlas.tab.get_by_role("heading", level=1)).to_have_text("Dashboard")
        return atlas

    def open(self, tile: str) -> None:
        """From the dashboard to a tile."""
        self.tab.get_by_role("link", name="Atlas", exact=True).click()
        self.tab.get_by_role("link", name=tile, exact=True).click()
        expect(self.tab.get_by_role("heading", level=1)).to_have_text(tile)

    def wait_until(self, tile: str, status: str) -> None:
        """Look at the dashboard until a tile has this status."""
        row = self.tab.locator(".tile").filter(has_text=tile)

        def seen() -> bool:
            self.tab.get_by_role("link", name="Atlas", exact=True).click()
            return row.locator(".status").inner_text() == status

        reload_until(seen, f"{tile}: {status} in Atlas")

    def fill(self, texts: dict[str, str]) -> None:
        """Type into the fields with these labels."""
        for label, text in texts.items():
            self.tab.get_by_label(label, exact=True).fill(text)

    def choose(self, *labels: str) -> None:
        """Tick or choose."""
        for label in labels:
            self.tab.get_by_label(label, exact=True).check()

    def press(self, button: str) -> None:
        """Press the button of exactly this name."""
        self.tab.get_by_role("button", name=button, exact=True).click()

    def accept_invitation(self, password: str) -> None:
        """Set the password that only this person knows."""
        self.wait_until("Accept invitation", "To do")
        self.open("Accept invitation")
        self.fill({"New password": password})
        self.press("Accept invitation")
        self.wait_until("Accept invitation", "Done")

    def set_payment_method(self) -> None:
        """By invoice; nothing is charged."""
        self.open("Set payment method")
        self.press("Use this payment method")
        self.wait_until("Set payment method", "Done")

    def accept_quote(self) -> None:
        """Both boxes."""
        self.wait_until("View and Accept Quote", "To do")
        self.open("View and Accept Quote")
        self.choose("I accept the quotation", "I accept the Master Services Agreement")
        self.press("Use this payment method")
        self.wait_until("View and Accept Quote", "Done")

    def add_user(self, user: User) -> None:
        """Give somebody else of the company a user of their own."""
        self.open("Users")
        self.fill({"Name": user.name, "Email address": user.email})
        self.press("Add user")
        expect(self.tab.locator("#users")).to_contain_text(user.email)

    def make_credentials(self, name: str, folder: Path) -> Path:
        """Generate API credentials and download their CSV, which Atlas gives once."""
        self.open("Generate API Credentials")
        self.choose("View and Copy")
        self.fill({"Familiar name": name})
        self.press("Generate API Credentials")
        expect(self.tab.get_by_role("heading", level=1)).to_have_text("Your API Credentials")
        with self.tab.expect_download() as download:
            self.press("Download CSV")
        file = folder / download.value.suggested_filename
        download.value.save_as(file)
        return file

    def has_mail(self, word: str) -> None:
        """Look into the emails that GlobalSign has sent until one's subject has this word in it."""

        def seen() -> bool:
            self.open("Email history")
            return self.tab.locator(".email h2", has_text=word).count() > 0

        self.tab.get_by_role("link", name="Atlas", exact=True).click()
        reload_until(seen, f"an email with “{word}” in its subject")

    def the_certificate(self) -> str:
        """Wait for the page of the ordered certificate, load it again until it is there; the text to copy."""
        box = self.tab.get_by_label("Certificate (PEM)")
        expect(self.tab.get_by_role("button", name="Continue")).to_have_count(0)  # before that no reload

        def seen() -> bool:
            self.tab.reload()
            return box.count() > 0

        reload_until(seen, "the certificate in Atlas")
        return box.input_value()
