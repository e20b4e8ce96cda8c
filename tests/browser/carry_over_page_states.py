"""Starting after an earlier onboarding, renewing, and saying that one has registered already."""

from collections.abc import Iterator

from playwright.sync_api import Page

from onboarding.journey import carry_over
from tests.browser.page_setup import PageSetup, PageState


def carrying_over(setup: PageSetup) -> Iterator[PageState]:
    """The page before the start in each of its forms, and the steps that were carried over."""
    start, one = f"/companies/{setup.people.one.slug}/start/?environment=", setup.people.one
    yield PageState("start, nothing to carry over", "alice", f"{start}production")
    setup.start()
    yield PageState("start, the other is not past the quote", "alice", f"{start}production")
    yield PageState("registered already", "alice", setup.path("registered"))
    wrong = PageState(
        "registered already, wrong", "alice", setup.path("registered"), 200, lambda tab: _send(tab, "Confirm")
    )
    yield from setup.seen_with_the_api("register", iter([wrong]))
    setup.finish_all()
    yield PageState("start, carried over", "bob", f"{start}production")
    yield PageState("start, a renewal", "alice", f"{start}uit&after={setup.onboarding.code}")
    yield PageState(
        "start, a renewal, nothing chosen",
        "alice",
        f"{start}uit",
        200,
        lambda tab: _send(tab, "Start the renewal"),
    )
    setup.onboarding = carry_over.start(
        one, environment="uit", actor=setup.people.bob, after=None, keep=True, anew=False
    )
    yield PageState("journey, a renewal", "alice", setup.path())
    yield PageState("api-credentials, carried over", "bob", setup.path("api-credentials"))
    setup.bring_to("proof")
    yield PageState("proof, the secret is gone", "tess", setup.path("proof"))


def _send(tab: Page, button: str) -> None:
    tab.get_by_role("main").get_by_role("button", name=button, exact=True).click()
