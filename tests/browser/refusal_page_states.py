"""The pages with which the portal refuses, or says that something is away.

Which answer belongs to what is tested in the rooms.
"""

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.browser.page_setup import PageSetup, PageState


def refusals(setup: PageSetup) -> Iterator[PageState]:
    """Everything the portal answers when it does not do what was asked."""
    setup.start()
    yield PageState("403, not your role", "tess", setup.path("withdraw"), 403)
    yield PageState("403, permission", "tess", "/refuse/", 403)
    yield PageState("404", "", "/nothing-here/", 404)
    yield PageState("404, another company's", "charlie", setup.path(), 404)
    yield PageState("409, nobody holds it", "bob", setup.path("csr", "take-back"), 409)
    yield PageState("429", "", "/too-many/", 429)
    yield PageState("500", "alice", "/fail/", 500)
    yield PageState("400", "alice", "/unreadable/", 400)
    yield PageState("old form", "", "/accounts/login/", 403, press=_without_cookies)


def _without_cookies(tab: Page) -> None:
    tab.context.clear_cookies()
    tab.get_by_role("button", name="Sign in", exact=True).click()
