"""Your tasks and the pages of its lists, from nothing to more than one page of rows; several offers at once.

What is looked for on a page is in page_assertions.py.
"""

from collections.abc import Iterator

from playwright.sync_api import Page

from onboarding.handover import offers
from onboarding.handover.models import Offer
from onboarding.journey import progress
from onboarding.journey.models import Onboarding
from onboarding.people.models import User
from tests.browser.page_setup import COMPANY, PageSetup, PageState
from tests.handover.factories import make_grant, make_outside_offer, open_steps
from tests.people_fixtures import make_company, make_user

MANY = 51  # one more than a page of rows
SECTIONS = ("to-do", "offered", "waiting", "done", "team")


def _make_cases(lead: User) -> Iterator[Onboarding]:
    """Cases of companies in which the reader has no role, each with an open CSR."""
    for number in range(MANY):
        company = make_company(f"m{number}", f"{COMPANY[:130]} {number}", lead)
        case = progress.start(company, environment="uit", actor=lead)
        open_steps(case, "csr")
        yield case


def _accept_after_one_was_withdrawn(tab: Page) -> None:
    first = Offer.objects.filter(status="offered").latest("made_at")
    offers.withdraw(first, actor=first.from_user)
    tab.get_by_role("main").get_by_role("button", name="Accept the chosen steps", exact=True).click()


def your_tasks(setup: PageSetup) -> Iterator[PageState]:
    """Somebody from outside who has nothing, then offers of many companies, then their steps."""
    lead, charlie = make_user("lead@many.example", COMPANY[:100]), setup.people.charlie
    yield PageState("tasks, nothing", "charlie", "/?stay")
    for section in SECTIONS:
        yield PageState(f"tasks, {section}, nothing", "charlie", f"/tasks/{section}/")
    cases = list(_make_cases(lead))
    made = [make_outside_offer(case, lead, charlie.email, "csr", "pfx") for case in cases[:25]]
    yield PageState("tasks, many offers", "charlie", "/")
    yield PageState("tasks, offered, many", "charlie", "/tasks/offered/")
    chosen = "/handovers/chosen/?" + "&".join(f"offer={offer.pk}" for offer in made)
    yield PageState("offers, chosen", "charlie", chosen)
    yield PageState("offers, chosen and accepted", "charlie", chosen, press=_accept_after_one_was_withdrawn)
    yield PageState("offers, chosen again", "charlie", chosen)
    yield PageState("offers, none chosen", "charlie", "/handovers/chosen/")
    for case in cases[25:]:
        make_grant(case, lead, charlie, "csr", "pfx")
    yield PageState("tasks, many", "charlie", "/")
    for section in SECTIONS:
        yield PageState(f"tasks, {section}, many", "charlie", f"/tasks/{section}/")
    yield PageState("tasks, second page", "charlie", "/tasks/to-do/?page=2")
    yield PageState("tasks, found", "charlie", "/tasks/to-do/?q=metering+csr&environment=uit&state=open")
    yield PageState("tasks, nothing found", "charlie", "/tasks/to-do/?q=zebra")
