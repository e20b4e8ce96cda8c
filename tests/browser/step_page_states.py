"""The page of each step in each state that it can have, as the one who acts and as others see it.

Between two views the step is moved; the other pages are in page_states.py.
"""

from collections.abc import Iterator

from playwright.sync_api import Locator, Page

from onboarding.handover import claims
from onboarding.journey import progress
from onboarding.journey.steps import BY_SLUG
from tests.browser.page_setup import PageSetup, PageState

RUBBISH = {  # what is typed or chosen where the empty form alone would not show everything that can be wrong
    "register": {"Direct telephone number": "ask reception", "Email address for vetting": "alice at one"},
    "quote": {"Amount on the quotation, in pounds": "12.50"},
    "csr": {"Paste the CSR": "-----BEGIN PRIVATE KEY-----"},
    "certificate": {"Paste the certificate": "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"},
    "proof": {"Paste what the command printed": "curl: (58) could not load PKCS12 client certificate"},
}
CHOICES = {"api-credentials": "Copy and paste"}
PART, SEND = "#your-part", "button[data-prevent-double-click]"


def step_scene(setup: PageSetup, slug: str) -> Iterator[PageState]:
    """Every state of this step, in the order in which people meet them."""
    row = BY_SLUG[slug]
    setup.start()
    if row.needs:
        yield PageState(f"{slug}, locked", "alice", setup.path(slug))
    setup.bring_to(slug)
    if row.before:
        yield from _waiting(setup, slug, "before")
    if row.form:
        if row.before:
            setup.perform(slug, waits=True)
        yield from _open(setup, slug)
    if row.after:
        setup.leave_to_the_worker(slug)
        yield from _waiting(setup, slug, "after")
    yield from _in_trouble(setup, slug)
    progress.reopen(setup.record(slug), actor=setup.actor(slug))
    setup.finish(slug)
    yield PageState(f"{slug}, done", "alice", setup.path(slug))


def _waiting(setup: PageSetup, slug: str, which: str) -> Iterator[PageState]:
    """A wait as the portal sees it end by itself, and as only a person can end it; then the same past its limit."""
    who, path, wait = setup.who_does(slug), setup.path(slug), setup.record(slug).wait
    assert wait is not None
    name = f"{slug}, waiting {which}"
    status = 422 if slug == "proof" else 200  # what the command printed holds a token: nothing of it is kept
    wrong = PageState(f"{name}, wrong", who, path, status, press=lambda tab: _send_rubbish(tab, slug, which))
    if not (which == "after" and wait.needs_account_api):
        yield PageState(name, who, path)
    yield from setup.seen_with_the_api(slug, iter([PageState(f"{name}, polled", who, path), wrong]))
    setup.make_late(slug)
    yield PageState(f"{name}, late", who, path)


def _open(setup: PageSetup, slug: str) -> Iterator[PageState]:
    who, path = setup.who_does(slug), setup.path(slug)
    yield PageState(f"{slug}, open", who, path)
    if BY_SLUG[slug].ways:
        yield PageState(f"{slug}, all ways", who, setup.path(slug, "ways"))
    for way in setup.list_ways(slug):
        yield PageState(f"{slug}, {way}", who, setup.path(slug, f"ways/{way}"))
    yield PageState(
        f"{slug}, open, wrong",
        who,
        _form(setup, slug),
        press=lambda tab: _send_rubbish(tab, slug, "act"),
    )
    yield PageState(f"{slug}, open, a reader", "rhea", path)
    yield from setup.seen_with_the_api(slug, iter([PageState(f"{slug}, open, watched", who, path)]))
    claims.claim(setup.record(slug), actor=setup.actor(slug))
    yield PageState(f"{slug}, held", who, path)
    if who != "bob":
        yield PageState(f"{slug}, held by somebody else", "bob", path)


def _in_trouble(setup: PageSetup, slug: str) -> Iterator[PageState]:
    who, path = setup.who_does(slug), setup.path(slug)
    stale = PageState(
        f"{slug}, moved meanwhile",
        who,
        _form(setup, slug),
        409,
        press=lambda tab: _send_too_late(tab, setup, slug),
    )
    yield stale
    setup.fail(slug)
    for name in (who, "rhea"):
        yield PageState(f"{slug}, problem, {name}", name, path)


def _form(setup: PageSetup, slug: str) -> str:
    """The address of the page with the step's form: of the way that has fields, where there are several."""
    return setup.path(slug, "ways/openssl" if BY_SLUG[slug].ways else "")


def _send_rubbish(tab: Page, slug: str, form: str) -> None:
    """Fill in what is wrong, leave the rest empty, and send it."""
    part = _unfolded(tab)
    if form == "act" and slug in CHOICES:
        part.get_by_label(CHOICES[slug]).check()
    for label, text in RUBBISH.get(slug, {}).items():
        if part.get_by_label(label).count():
            part.get_by_label(label).fill(text)
    part.locator(SEND).click()


def _send_too_late(tab: Page, setup: PageSetup, slug: str) -> None:
    """Somebody else reports a problem while this page is open; then it is sent."""
    setup.fail(slug)
    _unfolded(tab).locator(SEND).click()


def _unfolded(tab: Page) -> Locator:
    """The person's part of the page, open also where the portal sees by itself that the step is done."""
    part = tab.locator(PART)
    folded = part.locator("> details:not([open]) > summary")
    if folded.count():
        folded.click()
    return part
