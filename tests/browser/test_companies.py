"""Ops answer what they are asked, each within three clicks from the board, with two hundred companies.

What the list shows for each filter is in tests/ops/.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from onboarding.ops.models import CallResult
from onboarding.ops.notes import add_call
from onboarding.people.access import find_primaries
from tests.browser.person import Person
from tests.ops.factories import make_many
from tests.people_fixtures import People

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_CLICKS = 3


class Clicks:
    """Olga's browser, which counts; typing and the key Enter are none."""

    def __init__(self, tab: Page) -> None:
        self.tab, self.count = tab, 0

    def begin(self) -> None:
        """A new question, from the board."""
        self.tab.goto("/ops/")
        self.count = 0

    def press(self, what: Locator) -> None:
        """One more; fails past the third."""
        self.count += 1
        assert self.count <= MOST_CLICKS
        what.click()

    def link(self, name: str) -> None:
        """A link of the page, by its words."""
        self.press(self.tab.get_by_role("main").get_by_role("link", name=name, exact=True).first)


@pytest.fixture
def olga(people: People, browse: Callable[..., Page]) -> Clicks:
    """Signed in, with two hundred companies."""
    companies = make_many(200)
    lead = find_primaries([companies[7].pk])[companies[7].pk]
    add_call(companies[7], lead, CallResult.RING_AGAIN, "They wait for the auditor", actor=people.olga)
    tab = browse()
    Person(people.olga, tab).sign_in("/ops/")
    return Clicks(tab)


def _find(olga: Clicks, words: str) -> None:
    olga.begin()
    olga.link("All companies")
    box = olga.tab.get_by_role("searchbox")
    box.fill(words)
    box.press("Enter")


def test_each_question_is_answered_within_three_clicks(olga: Clicks) -> None:
    main = olga.tab.get_by_role("main")
    # Whom do I ring?
    _find(olga, "power 0002")
    olga.link("Quarry Power 0002 Ltd")
    expect(main.locator(".app-card")).to_contain_text("01632 960002")
    # Who signed in last, and when?
    expect(main.get_by_role("table")).to_contain_text("hours ago")
    # What was said on the telephone?
    _find(olga, "lead7@many7.example")
    olga.link("Mill Power 0007 Ltd")
    expect(main).to_contain_text("They wait for the auditor")
    # Where is the company that was added last?
    olga.begin()
    olga.link("All companies")
    main.get_by_label("Order").select_option("Added last")
    olga.press(main.get_by_role("button", name="Show"))
    expect(main.locator("tbody tr")).to_have_count(50)
    expect(main.locator("tbody tr").filter(has_text="0199")).to_have_count(1)
    # Give me a list.
    _find(olga, "quarry")
    with olga.tab.expect_download() as got:
        olga.link("Download this list as CSV")
    lines = got.value.path().read_text("utf-8-sig").splitlines()
    assert len(lines) == 1 + 66
