"""The pages of deadlines: pausing them, changing how long a step may take, and what the step says meanwhile.

The other scenes are in page_states.py.
"""

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.browser.page_setup import PageSetup, PageState


def _press(tab: Page, button: str) -> None:
    tab.get_by_role("main").get_by_role("button", name=button, exact=True).click()


def _pause(tab: Page) -> None:
    tab.get_by_label("Reason").fill("The company moves house. " * 12)
    _press(tab, "Pause the deadlines")


def deadlines(setup: PageSetup) -> Iterator[PageState]:
    """An onboarding whose deadlines ops pause, and the times of one of its steps."""
    setup.start()
    overview, times = setup.path("deadlines"), setup.path("deadlines", "register")
    wrong = PageState(
        "deadlines, wrong", "olga", overview, press=lambda tab: _press(tab, "Pause the deadlines")
    )
    yield from (PageState("deadlines", "olga", overview), wrong)
    yield PageState("deadlines, paused", "olga", overview, press=_pause)
    yield PageState("times of a step", "olga", times)
    yield PageState(
        "times of a step, wrong", "olga", times, press=lambda tab: _press(tab, "Change the times")
    )
    yield PageState("step, paused", "alice", setup.path("register"))
