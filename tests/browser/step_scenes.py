"""The page of each step in each state that it can have, as the one who acts and as others see it.

Between two views the step is moved; the other pages are in scenes.py.
"""

from collections.abc import Iterator

from playwright.sync_api import Page

from onboarding.handover import claims
from onboarding.journey import progress
from onboarding.journey.steps import BY_SLUG
from tests.browser.stage import Stage, View

RUBBISH = {  # what is typed or chosen where the empty form alone would not show everything that can be wrong
    "register": {"Direct telephone number": "ask reception", "E-mail address for vetting": "alice at one"},
    "quote": {"Amount on the quotation, in pounds": "12.50"},
    "csr": {"Paste the CSR": "-----BEGIN PRIVATE KEY-----"},
    "certificate": {"Paste the certificate": "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"},
    "proof": {"Paste what the command printed": "curl: (58) could not load PKCS12 client certificate"},
}
CHOICES = {"api-credentials": "Copy and paste", "csr": "We make the key ourselves", "pfx": "We bring the PFX"}
PART, SEND = "#your-part", "button[data-prevent-double-click]"


def step_scene(stage: Stage, slug: str) -> Iterator[View]:
    """Every state of this step, in the order in which people meet them."""
    row = BY_SLUG[slug]
    stage.start()
    if row.needs:
        yield View(f"{slug}, locked", "alice", stage.path(slug))
    stage.bring_to(slug)
    if row.before:
        yield from _waiting(stage, slug, "before")
    if row.form:
        if row.before:
            stage.perform(slug, waits=True)
        yield from _open(stage, slug)
    if row.after:
        stage.leave_to_the_worker(slug)
        yield from _waiting(stage, slug, "after")
    yield from _in_trouble(stage, slug)
    progress.reopen(stage.record(slug), actor=stage.actor(slug))
    stage.finish(slug)
    yield View(f"{slug}, done", "alice", stage.path(slug))


def _waiting(stage: Stage, slug: str, which: str) -> Iterator[View]:
    """A wait as the portal sees it end by itself, and as only a person can end it; then the same past its limit."""
    who, path, wait = stage.who_does(slug), stage.path(slug), stage.record(slug).wait
    assert wait is not None
    name = f"{slug}, waiting {which}"
    wrong = View(f"{name}, wrong", who, path, 422, press=lambda tab: _send_rubbish(tab, slug, which))
    if not (which == "after" and wait.needs_account_api):
        yield View(name, who, path)
    yield from stage.seen_with_the_api(slug, iter([View(f"{name}, polled", who, path), wrong]))
    stage.make_late(slug)
    yield View(f"{name}, late", who, path)


def _open(stage: Stage, slug: str) -> Iterator[View]:
    who, path = stage.who_does(slug), stage.path(slug)
    yield View(f"{slug}, open", who, path)
    yield View(f"{slug}, open, wrong", who, path, 422, press=lambda tab: _send_rubbish(tab, slug, "act"))
    yield View(f"{slug}, open, a reader", "rhea", path)
    yield from stage.seen_with_the_api(slug, iter([View(f"{slug}, open, watched", who, path)]))
    claims.claim(stage.record(slug), actor=stage.actor(slug))
    yield View(f"{slug}, held", who, path)
    if who != "bob":
        yield View(f"{slug}, held by somebody else", "bob", path)


def _in_trouble(stage: Stage, slug: str) -> Iterator[View]:
    who, path = stage.who_does(slug), stage.path(slug)
    stale = View(
        f"{slug}, moved meanwhile", who, path, 409, press=lambda tab: _send_too_late(tab, stage, slug)
    )
    yield stale
    stage.fail(slug)
    for name in (who, "rhea"):
        yield View(f"{slug}, problem, {name}", name, path)


def _send_rubbish(tab: Page, slug: str, form: str) -> None:
    """Fill in what is wrong, leave the rest empty, and send it."""
    part = tab.locator(PART)
    if form == "act" and slug in CHOICES:
        part.get_by_label(CHOICES[slug]).check()
    for label, text in RUBBISH.get(slug, {}).items():
        if part.get_by_label(label).count():
            part.get_by_label(label).fill(text)
    part.locator(SEND).click()


def _send_too_late(tab: Page, stage: Stage, slug: str) -> None:
    """Somebody else reports a problem while this page is open; then it is sent."""
    stage.fail(slug)
    tab.locator(PART).locator(SEND).click()
