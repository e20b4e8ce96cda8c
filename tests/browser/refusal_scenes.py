"""The pages with which the portal refuses, or says that something is away.

Which answer belongs to what is tested in the rooms.
"""

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.browser.stage import Stage, View


def refusals(stage: Stage) -> Iterator[View]:
    """Everything the portal answers when it does not do what was asked."""
    stage.start()
    yield View("403, not your role", "tess", stage.path("withdraw"), 403)
    yield View("403, permission", "tess", "/refuse/", 403)
    yield View("404", "", "/nothing-here/", 404)
    yield View("404, another company's", "charlie", stage.path(), 404)
    yield View("409, nobody holds it", "bob", stage.path("csr", "take-back"), 409)
    yield View("429", "", "/too-many/", 429)
    yield View("500", "alice", "/fail/", 500)
    yield View("400", "alice", "/unreadable/", 400)
    yield View("old form", "", "/accounts/login/", 403, press=_without_cookies)


def _without_cookies(tab: Page) -> None:
    tab.context.clear_cookies()
    tab.get_by_role("button", name="Sign in", exact=True).click()
