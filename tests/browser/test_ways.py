"""The ways of a step in a real browser: how high each is, and that links, keyboard and no script are enough.

Their words are counted in tests/journey/test_way_words.py; axe and a telephone's width in test_axe.py.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from onboarding.ui.operating_systems import System
from tests.browser.page_assertions import DESKTOP, refused_by_the_policy, too_wide, violations
from tests.browser.page_setup import PageSetup
from tests.browser.person import Person
from tests.journey.way_cases import EVERY_WAY, bring_to_way

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HIGHEST = 1500  # CSS pixels, in a window of 1280
TABLET = 768
HEIGHT = "() => document.querySelector('#your-part').getBoundingClientRect().height"


@pytest.fixture
def setup(settings) -> PageSetup:
    """People and an onboarding at the addresses that the portal really has."""
    setup = PageSetup(settings)
    setup.start()
    return setup


@pytest.mark.parametrize(("slug", "name"), EVERY_WAY, ids=map("/".join, EVERY_WAY))
def test_a_way_is_at_most_1500_pixels_high_for_each_system(
    settings, setup: PageSetup, browse: Callable[..., Page], slug: str, name: str
) -> None:
    path = bring_to_way(settings, setup.onboarding, setup.people, slug, name)
    tess = Person(setup.people.tess, browse(viewport={"width": DESKTOP, "height": 900}))
    tess.sign_in(f"{path}ways/{name}/")
    heights = {}
    for system in System:
        tess.tab.goto(f"{path}ways/{name}/?system={system}")
        heights[system] = tess.tab.evaluate(HEIGHT)
    assert {system: height for system, height in heights.items() if not 100 < height <= HIGHEST} == {}
    assert [*violations(tess.tab), *refused_by_the_policy(tess.tab), *too_wide(tess.tab, TABLET)] == []


def test_with_the_keyboard_alone_a_way_and_a_system_are_chosen(setup, browse) -> None:
    setup.bring_to("csr")
    tess = Person(setup.people.tess, browse())
    tess.sign_in(setup.path("csr"))
    for link, then in (
        ("OpenSSL", "OpenSSL"),
        ("macOS", "OpenSSL"),
        ("Choose another way", "Choose one way"),
    ):
        tess.part.get_by_role("link", name=link, exact=True).focus()
        tess.tab.keyboard.press("Enter")
        expect(tess.part.get_by_role("heading", level=2)).to_have_text(then)
    tess.part.locator("summary", has_text="More ways").focus()
    tess.tab.keyboard.press("Enter")
    expect(tess.part.get_by_role("link", name="Another tool")).to_be_visible()


def test_without_scripts_a_way_is_chosen_mended_and_sent(setup, browse) -> None:
    setup.bring_to("csr")
    tess = Person(setup.people.tess, browse(java_script_enabled=False))
    tess.sign_in(setup.path("csr"))
    tess.take_way("Another tool")
    tess.fill({"Paste the CSR": "no CSR"})
    tess.press("Save and continue")
    expect(tess.part.get_by_role("heading", level=2)).to_have_text("Another tool")
    expect(tess.part.get_by_label("Paste the CSR")).to_have_value("no CSR")
